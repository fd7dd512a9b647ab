// Original file: com/digitalasset/canton/admin/participant/v30/participant_repair_service.proto


export interface RepresentativePackageIdOverride {
  'contract_override'?: ({[key: string]: string});
  'package_id_override'?: ({[key: string]: string});
  'package_name_override'?: ({[key: string]: string});
}

export interface RepresentativePackageIdOverride__Output {
  'contract_override'?: ({[key: string]: string});
  'package_id_override'?: ({[key: string]: string});
  'package_name_override'?: ({[key: string]: string});
}
