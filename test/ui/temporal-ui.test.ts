import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';

import type { Browser, FrameLocator, Locator, Page } from 'playwright-core';

import { UI_VARIABLE } from '../../client/ui.js';
import { migrationId } from '../../model/plan.js';
import { runCli } from '../client/run-cli.js';
import {
  DESK,
  NIGHT,
  openBrowser,
  openPage,
  PHONE,
  picture,
  WIDE,
  type View,
} from '../support/browser.js';
import { RARER } from '../support/boundaries.js';
import { eventually } from '../support/driving.js';
import { REQUEST } from '../support/stack.js';
import { startMigrationStack, temporalServer, type MigrationStack } from '../support/temporal.js';

/** Another id than that of the source, as a schedule has it: this run only waits for the migration. */
const DELEGATED = 'move-old';
/** The frame in which the UI shows the card. */
const CARD = '#user-metadata-current-details';
/** Nothing of the UI is read again by itself. A worker that has forgotten a migration replays it for each reading. */
const BEFORE_RELOAD_MS = { list: 5_000, card: 40_000 };

interface Ui extends MigrationStack {
  id: string;
  browser: Browser;
  /** Of its namespace. */
  url: string;
  /** What the CLI finds Temporal and its UI by. */
  environment: Record<string, string>;
}

async function startUi(t: TestContext, browser: Browser): Promise<Ui> {
  const { address, uiAddress } = await temporalServer({ ui: {} });
  const stack = await startMigrationStack(t);
  return {
    ...stack,
    id: migrationId(stack.sandbox.participants.source.uid),
    browser,
    url: `${uiAddress}/namespaces/default/workflows`,
    environment: { TEMPORAL_ADDRESS: address, [UI_VARIABLE]: uiAddress },
  };
}

/** Reloads the page until it has that. */
async function shown(page: Page, wanted: Locator, what: keyof typeof BEFORE_RELOAD_MS): Promise<void> {
  await eventually(`${page.url()} with ${String(wanted)}`, async () => {
    const isThere = await wanted.waitFor({ timeout: BEFORE_RELOAD_MS[what] }).then(
      () => true,
      () => false,
    );
    if (!isThere) await page.reload();
    return isThere ? true : undefined;
  });
}

/** What the CLI prints, on one line. */
async function printed(
  { environment, taskQueue }: Ui,
  verb: string,
  pattern: RegExp,
): Promise<string[]> {
  const args = [...verb.split(' '), '--request', '-', '--task-queue', taskQueue];
  const { out, err } = await runCli(args, { environment, input: JSON.stringify(REQUEST) });
  const found = pattern.exec(out);
  assert.ok(found, `${out}\n${err}`);
  return found.slice(1);
}

/** The card as the UI renders it, once it says that. */
async function openCard(
  ui: Ui,
  workflowId: string,
  expected: RegExp,
  view: View = DESK,
): Promise<{ page: Page; card: FrameLocator; text: string }> {
  const { runId } = await ui.handle(workflowId).describe();
  const path = `${encodeURIComponent(workflowId)}/${runId}/user-metadata`;
  const page = await openPage(ui.browser, `${ui.url}/${path}`, view);
  const card = page.frameLocator(CARD);
  const main = card.locator('main', { hasText: expected }).first();
  await shown(page, main, 'card');
  return { page, card, text: (await main.innerText()).trim() };
}

async function pictured(
  ui: Ui,
  workflowId: string,
  { name, expected, view }: { name: string; expected: RegExp; view?: View },
): Promise<string> {
  const { page, text } = await openCard(ui, workflowId, expected, view);
  await picture(page, name, name.startsWith('ui-gate') ? page.locator(CARD) : undefined);
  await page.close();
  return text;
}

/** Puts JSON into an editor, which lays it out when it is left and so moves the button that somebody is about to press. */
async function fillIn(within: Page | Locator, json: string): Promise<void> {
  const editor = within.locator('.cm-content').last();
  await editor.fill(json);
  await editor.blur();
  await within.locator('.cm-line').nth(2).waitFor();
}

/** By the link and with the input that `plan` prints, but as a schedule does. */
async function startByTheLink(ui: Ui): Promise<void> {
  const [link, input] = await printed(ui, 'plan', /with the input below:\n {2}(\S+)\n {2}(.+)\n/);
  const page = await openPage(ui.browser, link!);
  const field = (label: string) => page.getByLabel(label).first();
  await eventually('the form is filled in', async () =>
    (await field('Workflow ID').inputValue()) === ui.id ? true : undefined,
  );
  assert.equal(await field('Task Queue').inputValue(), ui.taskQueue);
  assert.equal(await field('Workflow Type').inputValue(), 'migrateParticipant');
  await fillIn(page, input!);
  await picture(page, 'ui-start');
  await field('Workflow ID').fill(DELEGATED);
  const [answer] = await Promise.all([
    page.waitForResponse((its) => its.request().method() === 'POST' && its.url().includes(DELEGATED)),
    page.getByTestId('start-workflow-button').last().click(),
  ]);
  assert.ok(answer.ok(), await answer.text());
  await page.close();
}

/** Summary and details of a run, beside its card. */
async function saysBeside(ui: Ui, workflowId: string, texts: string[]): Promise<void> {
  const { page } = await openCard(ui, workflowId, /./);
  const beside = page.locator(`iframe:not(${CARD})`);
  await eventually(`${workflowId} says ${texts.join(', ')}`, async () => {
    const frames = await beside.all();
    const said = await Promise.all(frames.map((its) => its.contentFrame().locator('main').innerText()));
    return texts.every((text) => said.join('\n').includes(text)) ? true : undefined;
  });
  await page.close();
}

async function listsWhatWaits(ui: Ui): Promise<void> {
  for (const query of ['MigrationState="waiting-for-approval"', 'MigrationGate="root-key"']) {
    const url = `${ui.url}?query=${encodeURIComponent(query)}`;
    const page = await openPage(ui.browser, url, { ...DESK, height: 420 });
    await shown(page, page.getByText(ui.id, { exact: true }).first(), 'list');
    assert.equal(await page.getByText(DELEGATED, { exact: true }).count(), 0, query);
    if (query.includes('State')) await picture(page, 'ui-list');
    await page.close();
  }
}

/** Every block of code, also what is folded: a command with its quotes and hyphens, or JSON. */
async function canBePasted(ui: Ui): Promise<void> {
  const { page, card } = await openCard(ui, ui.id, /gate root-key/);
  const blocks = await card.locator('pre').allTextContents();
  const inputs = blocks.filter((its) => its.startsWith('{')).map((its) => JSON.parse(its) as object);
  assert.deepEqual(
    inputs.map((its) => Object.keys(its)[0]),
    ['gate', 'hash'],
  );
  assert.match(blocks.join('\n'), /^printf %s '[\w+/=]+' \| openssl base64 -d .* && openssl /m);
  await page.close();
}

/** The actions of a run are there twice, for wide and for narrow windows: what is not visible is the other one. */
async function openMenu(page: Page): Promise<Locator> {
  const button = page.getByRole('button', { name: 'More Actions' });
  await eventually('the menu is open', async () => {
    if ((await button.getAttribute('aria-expanded')) === 'true') return true;
    await button.click();
    return undefined;
  });
  return page.getByRole('menuitem');
}

async function approveInTheDialog(ui: Ui, card: string, approver: string): Promise<void> {
  const json = /^\{.*\}$/m.exec(card)![0];
  const { page } = await openCard(ui, ui.id, /gate root-key/);
  await (await openMenu(page)).filter({ hasText: 'Send an Update' }).click();
  const dialog = page.getByTestId('update-confirmation-modal').filter({ visible: true });
  await dialog.getByRole('button', { name: 'Select an Update' }).click();
  await dialog.getByRole('option', { name: /^approve/ }).click();
  const submit = dialog.getByRole('button', { name: 'Submit' });

  const named = json.replace('"approver": ""', `"approver": "${approver}"`);
  await fillIn(dialog, named);
  await picture(page, 'ui-approve');

  // As it is pasted it approves nothing, and says why.
  await fillIn(dialog, json);
  await submit.click();
  await dialog
    .getByText(/^approver: found/)
    .first()
    .waitFor();
  assert.equal(await dialog.getByText('nonRetryable').count(), 0);

  await fillIn(dialog, named);
  await submit.click();
  await dialog.waitFor({ state: 'hidden' });
  await page.close();
}

/** What an operator has to see first comes first, and nothing is unfolded that is only looked up. */
async function readsInOrder(ui: Ui, expected: RegExp, order: RegExp[]): Promise<void> {
  const { page, card, text } = await openCard(ui, ui.id, expected);
  const places = order.map((its) => text.search(its));
  assert.ok(!places.includes(-1), `${places.join()}: ${text}`);
  assert.deepEqual(
    places.toSorted((a, b) => a - b),
    places,
    text,
  );
  assert.doesNotMatch(text, /[–—]|</);
  assert.ok((await card.locator('details').count()) > 0, text);
  assert.equal(await card.locator('details[open]').count(), 0);
  await page.close();
}

/** The migration has ended: nothing is offered that could not be done any more. */
async function offersNothing(ui: Ui): Promise<void> {
  const { page, text } = await openCard(ui, ui.id, /aborted/);
  assert.doesNotMatch(text, /Send an Update|canton-migrate (?:approve|resume|abort)/);
  const items = await (await openMenu(page)).allInnerTexts();
  assert.deepEqual(items, ['Start Workflow Like This One']);
  await picture(page, 'ui-aborted');
  await page.close();
}

/** By the link that `start` prints; what it says before and without a worker is beside the card. */
async function isDescribed(ui: Ui): Promise<void> {
  const [link] = await printed(ui, 'start --yes --no-watch', /in Temporal's UI: (\S+)\n/);
  const page = await openPage(ui.browser, link!);
  await page.getByTestId('workflow-id-heading').getByText(ui.id).waitFor();
  await page.close();
  await saysBeside(ui, ui.id, ['Migrate source to target', 'source on acme']);
}

const APPROVER = 'Ada Lovelace';

test(
  'Temporal UI: a migration is started, found, read and approved there, by its links and its cards',
  RARER,
  async (t: TestContext) => {
    const browser = await openBrowser(t);
    if (typeof browser === 'string') return t.skip(browser);
    const ui = await startUi(t, browser);
    const { id, client, until, approve } = ui;

    ui.sandbox.faults.failBefore('UploadDar', { code: 'FAILED_PRECONDITION', times: 1 });
    await startByTheLink(ui);
    await until(DELEGATED, ({ state }) => state === 'delegated');
    const { planHash } = await until(id, ({ gate }) => gate?.name === 'root-key');
    await listsWhatWaits(ui);

    const atRootKey = await pictured(ui, id, {
      name: 'ui-gate',
      expected: /gate root-key/,
      view: WIDE,
    });
    assert.ok(atRootKey.includes(`canton-migrate approve root-key ${id} --plan-hash ${planHash}`));
    const expected = /delegated/;
    const delegated = await pictured(ui, DELEGATED, { name: 'ui-delegated', expected });
    assert.ok(delegated.includes(`canton-migrate status ${id}`), delegated);
    // The child that does the work is described as a migration that the CLI started.
    await saysBeside(ui, id, ['Migrate source to target', 'source on acme']);

    await canBePasted(ui);
    await approveInTheDialog(ui, atRootKey, APPROVER);
    const { approvals } = await until(id, ({ state }) => state === 'stopped');
    assert.equal(approvals[0]?.approver, APPROVER);
    await readsInOrder(ui, /stopped/, [/^stopped/, /⚠ FailedPrecondition/, /Next:/, /● migrate-dars/]);
    await client.resume(id, { by: APPROVER });
    await approve(id, 'interrupt-service');
    await until(id, ({ gate }) => gate?.name === 'cut-over');
    const order = [
      /gate cut-over/,
      /Next:/,
      /canton-migrate approve cut-over/,
      /What you approve/,
      /✔ transfer-active-contracts/,
      /Proof/,
    ];
    await readsInOrder(ui, /gate cut-over/, order);
    for (const [name, view] of Object.entries({ 'ui-gate-dark': NIGHT, 'ui-gate-phone': PHONE }))
      await pictured(ui, id, { name, expected: /gate cut-over/, view });

    await client.abort(id, { by: APPROVER });
    await assert.rejects(client.result(id), { type: 'Aborted' });
    await offersNothing(ui);
    await isDescribed(ui);
  },
);
