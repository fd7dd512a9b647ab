import { MIGRATE_WORKFLOW } from '../model/steering.js';

/** Environment variable with the address of Temporal's UI, which nothing else here tells. */
export const UI_VARIABLE = 'CANTON_MIGRATE_UI';

/** Returns the link to a migration in the UI: the card is under User Metadata. */
export function migrationUrl(uiAddress: string, namespace: string, workflowId: string): string {
  return `${workflowsUrl(uiAddress, namespace)}/${encodeURIComponent(workflowId)}`;
}

/** What the start form of the UI is filled with. */
interface StartForm {
  namespace: string;
  taskQueue: string;
  workflowId: string;
}

/**
 * Returns the link that opens the start form of Temporal's UI, filled in.
 *
 * The input is not among what the form takes from a link, except from an earlier run of the same id: the request is pasted.
 * As the form of Temporal UI 2.54 reads them.
 */
export function startFormUrl(
  uiAddress: string,
  { namespace, taskQueue, workflowId }: StartForm,
): string {
  const form = new URLSearchParams({ workflowId, taskQueue, workflowType: MIGRATE_WORKFLOW });
  return `${workflowsUrl(uiAddress, namespace)}/start-workflow?${form.toString().replaceAll('+', '%20')}`;
}

function workflowsUrl(uiAddress: string, namespace: string): string {
  return `${uiAddress.replace(/\/+$/, '')}/namespaces/${encodeURIComponent(namespace)}/workflows`;
}
