// Original file: com/daml/ledger/api/v2/version_service.proto

import type { ExperimentalStaticTime as _com_daml_ledger_api_v2_ExperimentalStaticTime, ExperimentalStaticTime__Output as _com_daml_ledger_api_v2_ExperimentalStaticTime__Output } from '../../../../../com/daml/ledger/api/v2/ExperimentalStaticTime.js';
import type { ExperimentalCommandInspectionService as _com_daml_ledger_api_v2_ExperimentalCommandInspectionService, ExperimentalCommandInspectionService__Output as _com_daml_ledger_api_v2_ExperimentalCommandInspectionService__Output } from '../../../../../com/daml/ledger/api/v2/ExperimentalCommandInspectionService.js';

export interface ExperimentalFeatures {
  'static_time'?: (_com_daml_ledger_api_v2_ExperimentalStaticTime | null);
  'command_inspection_service'?: (_com_daml_ledger_api_v2_ExperimentalCommandInspectionService | null);
}

export interface ExperimentalFeatures__Output {
  'static_time'?: (_com_daml_ledger_api_v2_ExperimentalStaticTime__Output);
  'command_inspection_service'?: (_com_daml_ledger_api_v2_ExperimentalCommandInspectionService__Output);
}
