import type { PackagesChanges } from '../../model/participant-changes.js';
import type { PackagesReads } from '../../model/participant-reads.js';
import type { Dar, StoredPackage } from '../../model/participant.js';
import type { Channel } from '../channel.js';
import { PackageService } from '../gen/com/digitalasset/canton/participant/admin/v0/package_service_pb.js';

/**
 * Reads and changes the packages of a participant, without vetting any. A DAR is known by its hash, which stands in
 * place of its main package: each upload changes its name. Source: canton-2.10 H, item 14.
 */
export class Packages implements PackagesReads, PackagesChanges {
  constructor(private readonly channel: Channel) {}

  async listDars(): Promise<Dar[]> {
    const { dars } = await this.channel.unary(PackageService.method.listDars, {});
    return dars.map(({ hash, name }) => ({ mainPackageId: hash, name, version: '', description: name }));
  }

  /** Of a hash that it does not know it sends nothing. */
  async readDar(hash: string): Promise<Uint8Array> {
    const method = PackageService.method.getDar;
    const { data } = await this.channel.unary(method, { hash });
    if (data.length === 0) throw this.channel.refuse(method, `no DAR ${hash}`, 'DAR_NOT_FOUND');
    return data;
  }

  async validateDar(dar: { name: string; bytes: Uint8Array }): Promise<void> {
    const request = { data: dar.bytes, filename: fileNameOf(dar) };
    await this.channel.unary(PackageService.method.validateDar, request);
  }

  async uploadDar(dar: Dar, bytes: Uint8Array): Promise<void> {
    const method = PackageService.method.uploadDar;
    const { value } = await this.channel.unary(method, { data: bytes, filename: fileNameOf(dar) });
    if (value.case === 'success' && value.value.hash === dar.mainPackageId) return;
    const found = value.case === 'success' ? `the DAR ${value.value.hash}` : value.value?.reason;
    throw this.channel.refuse(
      method,
      `expected the DAR ${dar.mainPackageId}, found ${found ?? 'no answer'}`,
    );
  }

  async removeDar(hash: string): Promise<void> {
    await this.channel.unary(PackageService.method.removeDar, { darHash: hash });
  }

  async listPackages(): Promise<StoredPackage[]> {
    const { packageDescriptions } = await this.channel.unary(PackageService.method.listPackages, {});
    return packageDescriptions.map(({ packageId, sourceDescription }) => ({
      packageId,
      name: sourceDescription,
      version: '',
    }));
  }

  async listContents(hash: string): Promise<StoredPackage[]> {
    const request = { darId: hash };
    const { description, packages } = await this.channel.unary(
      PackageService.method.listDarContents,
      request,
    );
    return packages.map((packageId) => ({ packageId, name: description, version: '' }));
  }
}

/** The node takes the end off twice. */
function fileNameOf({ name }: { name: string }): string {
  return `${name}.dar.dar`;
}
