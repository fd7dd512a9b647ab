// Original file: com/digitalasset/canton/admin/pruning/v30/pruning.proto

import type { Synchronizers as _com_digitalasset_canton_admin_pruning_v30_Synchronizers, Synchronizers__Output as _com_digitalasset_canton_admin_pruning_v30_Synchronizers__Output } from '../../../../../../com/digitalasset/canton/admin/pruning/v30/Synchronizers.js';

export interface WaitCommitmentsSetup {
  'counter_participant_uid'?: (string);
  'synchronizers'?: (_com_digitalasset_canton_admin_pruning_v30_Synchronizers | null);
}

export interface WaitCommitmentsSetup__Output {
  'counter_participant_uid'?: (string);
  'synchronizers'?: (_com_digitalasset_canton_admin_pruning_v30_Synchronizers__Output);
}
