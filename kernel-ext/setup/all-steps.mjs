import { kernelBuild } from './kernel-build.mjs';
import { kernelSpec } from './kernel-spec.mjs';
import { labExtensionBuild } from './lab-extension.mjs';
import { labSettings } from './lab-settings.mjs';
import { nativeTensorFlow } from './native-tensorflow.mjs';
import { nodeVersion } from './node-version.mjs';
import { npmPackages } from './npm-packages.mjs';
import { oldestLab } from './oldest-lab.mjs';
import { chromium } from './chromium.mjs';
import { jupyterLab, testTools } from './python-env.mjs';

/** What `npm start` sets up. Each step may rely on those before it. */
export const startSteps = [
  nodeVersion,
  npmPackages,
  jupyterLab,
  labSettings,
  kernelBuild,
  nativeTensorFlow,
  kernelSpec,
  labExtensionBuild,
];

/** What `npm test` sets up. */
export const testSteps = [...startSteps, testTools, oldestLab, chromium];
