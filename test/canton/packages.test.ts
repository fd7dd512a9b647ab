import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { JsonValue } from '@bufbuild/protobuf';

import { PackageService } from '../../canton/gen/com/digitalasset/canton/admin/participant/v30/package_service_pb.js';
import { goldenBytes } from './recordings.js';
import { connect, EMPTY, answerOf } from './replay.js';

test('packages: a DAR goes from one participant to the other as recorded', async (t) => {
  const { listDars, getDar, uploadDar, listPackages } = PackageService.method;
  const { participant, sent } = await connect(t, [
    [listDars, answerOf('happy', 9)],
    [getDar, answerOf('happy', 11)],
    [uploadDar, EMPTY],
    [listPackages, answerOf('topology', 9)],
  ]);

  const dars = await participant.packages.listDars();
  const dar = dars.find(({ name }) => name === 'lab-other');

  assert.ok(dar);
  const bytes = await participant.packages.readDar(dar.mainPackageId);
  await participant.packages.uploadDar(dar, bytes);
  assert.ok(goldenBytes('dars/lab-other-1.0.0.dar').equals(bytes));
  const [, , upload] = sent as [unknown, unknown, { dars: JsonValue[] }];
  assert.deepEqual(Object.keys(upload), ['dars']);
  assert.deepEqual(upload.dars, [
    {
      bytes: Buffer.from(bytes).toString('base64'),
      description: dar.description,
      expected_main_package_id: dar.mainPackageId,
    },
  ]);
  assert.ok((await participant.packages.listPackages()).length > 30);
});
