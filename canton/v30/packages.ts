import type { Dar, StoredPackage } from '../../model/participant.js';
import type { PackagesChanges } from '../../model/participant-changes.js';
import type { PackagesReads } from '../../model/participant-reads.js';
import type { Channel } from '../channel.js';
import { PackageService } from '../gen/com/digitalasset/canton/admin/participant/v30/package_service_pb.js';

/** Reads and changes the packages of a participant, without vetting any. Source: admin-api 1.12. */
export class Packages implements PackagesReads, PackagesChanges {
  constructor(private readonly channel: Channel) {}

  async listDars(): Promise<Dar[]> {
    const { dars } = await this.channel.unary(PackageService.method.listDars, {});
    return dars.map(({ main, name, version, description }) => ({
      mainPackageId: main,
      name,
      version,
      description,
    }));
  }

  async readDar(mainPackageId: string): Promise<Uint8Array> {
    const { payload } = await this.channel.unary(PackageService.method.getDar, { mainPackageId });
    return payload;
  }

  async validateDar(dar: { name: string; bytes: Uint8Array }, synchronizerId: string): Promise<void> {
    const request = { data: dar.bytes, filename: dar.name, synchronizerId };
    await this.channel.unary(PackageService.method.validateDar, request);
  }

  /** Needs no synchronizer. A repeat with the same content changes nothing, not even the description. */
  async uploadDar(dar: Dar, bytes: Uint8Array): Promise<void> {
    const upload = { bytes, description: dar.description, expectedMainPackageId: dar.mainPackageId };
    await this.channel.unary(PackageService.method.uploadDar, { dars: [upload] });
  }

  /** Fails as refused with `PACKAGE_OR_DAR_REMOVAL_ERROR` while the DAR is in use. */
  async removeDar(mainPackageId: string): Promise<void> {
    await this.channel.unary(PackageService.method.removeDar, { mainPackageId });
  }

  async listPackages(): Promise<StoredPackage[]> {
    const { packageDescriptions } = await this.channel.unary(PackageService.method.listPackages, {});
    return packageDescriptions.map(toStored);
  }

  async listContents(mainPackageId: string): Promise<StoredPackage[]> {
    const { packages } = await this.channel.unary(PackageService.method.getDarContents, {
      mainPackageId,
    });
    return packages.map(toStored);
  }
}

function toStored({ packageId, name, version }: StoredPackage): StoredPackage {
  return { packageId, name, version };
}
