import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';

import type { Browser, Page } from 'playwright-core';

import { startFormUrl } from '../../client/ui.js';
import { DESK, NIGHT, openBrowser, openPage, PHONE, picture, type View } from '../support/browser.js';
import { migrationId } from '../../model/plan.js';
import { RARER } from '../support/boundaries.js';
import { eventually } from '../support/driving.js';
import { REQUEST } from '../support/stack.js';
import { startMigrationStack, temporalServer, type MigrationStack } from '../support/temporal.js';

/** Another id than that of the source, as a schedule has it: this run only waits for the migration. */
const DELEGATED = 'move-old';

interface Ui extends MigrationStack {
  browser: Browser;
  uiAddress: string;
}

/** The tab on which the UI shows the card. */
async function openCard(ui: Ui, workflowId: string, view: View = DESK): Promise<Page> {
  const { runId } = await ui.handle(workflowId).describe();
  const path = `workflows/${encodeURIComponent(workflowId)}/${runId}/user-metadata`;
  return openPage(ui.browser, `${ui.uiAddress}/namespaces/default/${path}`, view);
}

/** What a card says, as the UI renders it. */
async function textOf(page: Page, expected: RegExp): Promise<string> {
  const body = page
    .frameLocator('#user-metadata-current-details')
    .locator('main', { hasText: expected })
    .first();
  await body.waitFor();
  return body.innerText();
}

async function pictured(ui: Ui, workflowId: string, name: string, expected: RegExp): Promise<string> {
  const page = await openCard(ui, workflowId);
  const text = await textOf(page, expected);
  await picture(page, name);
  await page.close();
  return text;
}

/** The UI lays the JSON out then, and moves the button that somebody is about to press. */
async function leaveEditor(page: Page): Promise<void> {
  await page.locator('.cm-content').last().blur();
  await page.locator('.cm-line').nth(2).waitFor();
}

async function startFromTheForm(ui: Ui): Promise<void> {
  const url = startFormUrl(ui.uiAddress, {
    namespace: 'default',
    taskQueue: ui.taskQueue,
    workflowId: DELEGATED,
  });
  const page = await openPage(ui.browser, url);
  const value = (label: string) => page.getByLabel(label).first().inputValue();
  await eventually('the form is filled in', async () =>
    (await value('Workflow ID')) === DELEGATED ? true : undefined,
  );
  assert.equal(await value('Workflow ID'), DELEGATED);
  assert.equal(await value('Task Queue'), ui.taskQueue);
  assert.equal(await value('Workflow Type'), 'migrateParticipant');
  await page.locator('.cm-content').first().fill(JSON.stringify(REQUEST));
  await leaveEditor(page);
  await picture(page, 'ui-start');
  const [answer] = await Promise.all([
    page.waitForResponse((its) => its.request().method() === 'POST' && its.url().includes(DELEGATED)),
    page.getByTestId('start-workflow-button').last().click(),
  ]);
  assert.ok(answer.ok(), await answer.text());
  await page.close();
}

async function approveInTheDialog(ui: Ui, id: string, json: string): Promise<void> {
  const page = await openCard(ui, id);
  await page.getByRole('button', { name: 'More Actions' }).click();
  await page.getByText('Send an Update').first().click();
  const dialog = page.getByTestId('update-confirmation-modal');
  await dialog.waitFor();
  await dialog.getByTestId('update-select').or(dialog.getByRole('combobox')).first().click();
  await page
    .getByRole('option', { name: /^approve/ })
    .first()
    .click();
  await dialog.locator('.cm-content').last().fill(json);
  await leaveEditor(page);
  await picture(page, 'ui-approve');
  await dialog.getByRole('button', { name: 'Submit' }).last().click();
  await ui.until(id, ({ gate }) => gate?.name !== 'root-key');
  await page.close();
}

test(
  'Temporal UI: a migration is found, read, approved and started there',
  RARER,
  async (t: TestContext) => {
    const browser = await openBrowser(t);
    if (typeof browser === 'string') return t.skip(browser);
    const { uiAddress } = await temporalServer({ ui: {} });
    const ui: Ui = { ...(await startMigrationStack(t)), browser, uiAddress };
    const id = migrationId(ui.sandbox.participants.source.uid);

    await startFromTheForm(ui);
    await ui.until(DELEGATED, ({ state }) => state === 'delegated');
    const { planHash } = await ui.until(id, ({ gate }) => gate?.name === 'root-key');

    const query = encodeURIComponent('MigrationState="waiting-for-approval"');
    const list = await openPage(browser, `${uiAddress}/namespaces/default/workflows?query=${query}`);
    await list.getByText(id, { exact: true }).first().waitFor();
    assert.equal(await list.getByText(DELEGATED, { exact: true }).count(), 0);
    await picture(list, 'ui-list');
    await list.close();

    const atRootKey = await pictured(ui, id, 'ui-gate', /gate root-key/);
    assert.match(atRootKey, /canton-migrate approve root-key \S+ --plan-hash [0-9a-f]{64}/);
    assert.match(atRootKey, /parties to move/);
    assert.match(await pictured(ui, DELEGATED, 'ui-delegated', /delegated/), /canton-migrate status/);
    // The child that does the work is described as a migration that the CLI started.
    const child = await ui.handle(id).describe();
    assert.equal(await child.staticSummary(), 'Migrate source to target');
    assert.match((await child.staticDetails()) ?? '', /Source: `source` on `acme`/);

    const approval = /^\{.*\}$/m
      .exec(atRootKey)![0]
      .replace('"approver": ""', '"approver": "Ada Lovelace"');
    assert.match(approval, new RegExp(planHash!));
    await approveInTheDialog(ui, id, approval);
    const { approvals } = await ui.until(id, ({ gate }) => gate?.name === 'interrupt-service');
    assert.equal(approvals[0]?.approver, 'Ada Lovelace');

    for (const [name, view] of [
      ['ui-gate-dark', NIGHT],
      ['ui-gate-phone', PHONE],
    ] as const) {
      const page = await openCard(ui, id, view);
      await textOf(page, /gate interrupt-service/);
      await picture(page, name);
      await page.close();
    }
    await ui.client.abort(id, { by: 'Ada Lovelace' });
    await assert.rejects(ui.client.result(id), { type: 'Aborted' });
    assert.match(await pictured(ui, id, 'ui-aborted', /aborted/), /It has ended/);
  },
);
