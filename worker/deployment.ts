import type { WorkerOptions as SdkOptions } from '@temporalio/worker';

import type { WorkerOptions } from './options.js';
import { say } from './saying.js';

/**
 * How Temporal tells builds of the worker apart; without a deployment it does not, and every worker gets work.
 *
 * A migration outlives the build it began on, and every build replays the histories of those before it: so each
 * workflow goes on with the build that is current, and no old one has to be kept running for it.
 */
export function deploymentOf({
  deployment,
}: Pick<WorkerOptions, 'deployment'>): Pick<SdkOptions, 'workerDeploymentOptions'> {
  if (!deployment) return {};
  return {
    workerDeploymentOptions: {
      useWorkerVersioning: true,
      version: { deploymentName: deployment.name, buildId: deployment.buildId },
      defaultVersioningBehavior: 'AUTO_UPGRADE',
    },
  };
}

/** A worker of a build that is not current waits, and nothing tells why. */
export function sayDeployment({ deployment }: Pick<WorkerOptions, 'deployment'>): void {
  if (!deployment) return;
  const { name, buildId } = deployment;
  say(`build ${buildId} of deployment ${name}: gets work once it is current`);
  say(
    `next: temporal worker deployment set-current-version --deployment-name ${name} --build-id ${buildId}`,
  );
}
