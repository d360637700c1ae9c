import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { OnnxError } from '../errors';
import { bytesOf, isExternal, tensorsOf } from './check-weights';
import type { ModelProto, TensorProto } from './onnx_pb';

/** Where the weights are that a model keeps outside its file. */
export interface External {
  /** The folder of the file; undefined for a model from bytes. */
  folder?: string;
  /** Files by the paths that the model gives them, for a model from bytes. */
  files: Readonly<Record<string, Uint8Array>>;
}

/**
 * Checks that all weights outside the file are there, and inside its folder, also where links lead elsewhere: onnxruntime reads
 * them after that.
 * @throws OnnxError
 */
export async function checkExternalData(model: ModelProto, external: External, file: string): Promise<void> {
  const sizes = new Map<string, number>();
  for (const tensor of tensorsOf(model)) {
    if (!isExternal(tensor)) continue;
    const location = entryOf(tensor, 'location') ?? '';
    const size = sizes.get(location) ?? (await sizeAt(location, external, tensor, file));
    sizes.set(location, size);
    checkRange(tensor, location, size, file);
  }
}

const entryOf = ({ externalData }: TensorProto, key: string): string | undefined =>
  externalData.find(entry => entry.key === key)?.value;

/** The size of a file of weights. @throws OnnxError */
async function sizeAt(
  location: string,
  { folder, files }: External,
  { name }: TensorProto,
  file: string,
): Promise<number> {
  const weight = `the weight '${name}' is in the file '${location}'`;
  if (Object.hasOwn(files, location)) return files[location].length;
  if (folder === undefined)
    throw new OnnxError(
      file,
      `${weight}, which was not given. Pass it with loadOnnx(bytes, {externalData: {'${location}': bytesOfThatFile}})`,
    );
  const outside = new OnnxError(
    file,
    `${weight}, which is outside the model's folder. Only files in that folder are read: move the weights there`,
  );
  if (location === '' || isAbsolute(location) || !isInside(join(folder, location), folder)) throw outside;
  const [root, path] = await Promise.all([realpath(folder), realpath(join(folder, location))]).catch(
    cause => {
      throw new OnnxError(
        file,
        `${weight}, which is not there. Put it beside the model under the name that it had when it was exported`,
        {},
        { cause },
      );
    },
  );
  if (!isInside(path, root)) throw outside;
  const found = await stat(path);
  if (!found.isFile()) throw new OnnxError(file, `${weight}, which is not a file`);
  return found.size;
}

function isInside(path: string, folder: string): boolean {
  const below = relative(folder, path);
  return below !== '' && below.split(sep)[0] !== '..' && !isAbsolute(below);
}

function checkRange(tensor: TensorProto, location: string, size: number, file: string): void {
  const wanted = bytesOf(tensor, file);
  const [offset, length] = ['offset', 'length'].map(key => {
    const text = entryOf(tensor, key);
    if (text !== undefined && !/^\d{1,19}$/.test(text))
      throw new OnnxError(file, `the weight '${tensor.name}' has the ${key} '${text}' in '${location}'`);
    return text === undefined ? undefined : BigInt(text);
  });
  const end = (offset ?? 0n) + (length ?? wanted ?? 0n);
  if (end > BigInt(size) || (length !== undefined && wanted !== null && length !== wanted))
    throw new OnnxError(
      file,
      `the weight '${tensor.name}' of shape [${tensor.dims.join(', ')}] takes ${wanted} bytes, but the file '${location}' has ` +
        `${length ?? Math.max(0, size - Number(offset ?? 0n))} for it. Copy it again, or export the model again`,
    );
}
