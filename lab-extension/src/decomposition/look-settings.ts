import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { Look } from './look';

const SCALES: readonly unknown[] = ['linear', 'root'];
const POOLINGS: readonly unknown[] = ['pixels', '2', '4', '8', 'superpixels'];

/** How new views begin, from the settings of the extension (schema/plugin.json). */
export class LookSettings {
  private settings: ISettingRegistry.ISettings | null = null;

  /** Until this is called, views begin with PLAIN_LOOK. */
  follow(settings: ISettingRegistry.ISettings): void {
    this.settings = settings;
  }

  get look(): Partial<Look> {
    const { scale, pooling, backdrop } = this.settings?.composite ?? {};
    return {
      ...(SCALES.includes(scale) && { scale: scale as Look['scale'] }),
      ...(POOLINGS.includes(pooling) && { pooling: pooling as Look['pooling'] }),
      ...(typeof backdrop === 'number' && { backdrop: Math.min(100, Math.max(0, backdrop)) / 100 }),
    };
  }
}
