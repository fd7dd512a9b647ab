// Original file: com/digitalasset/canton/admin/pruning/v30/pruning.proto

import type { WaitCommitmentsSetup as _com_digitalasset_canton_admin_pruning_v30_WaitCommitmentsSetup, WaitCommitmentsSetup__Output as _com_digitalasset_canton_admin_pruning_v30_WaitCommitmentsSetup__Output } from '../../../../../../com/digitalasset/canton/admin/pruning/v30/WaitCommitmentsSetup.js';

export interface GetNoWaitCommitmentsFromResponse {
  'ignored_participants'?: (_com_digitalasset_canton_admin_pruning_v30_WaitCommitmentsSetup)[];
  'not_ignored_participants'?: (_com_digitalasset_canton_admin_pruning_v30_WaitCommitmentsSetup)[];
}

export interface GetNoWaitCommitmentsFromResponse__Output {
  'ignored_participants': (_com_digitalasset_canton_admin_pruning_v30_WaitCommitmentsSetup__Output)[];
  'not_ignored_participants': (_com_digitalasset_canton_admin_pruning_v30_WaitCommitmentsSetup__Output)[];
}
