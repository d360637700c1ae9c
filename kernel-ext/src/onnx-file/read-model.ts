import { fromBinary } from '@bufbuild/protobuf';
import { OnnxError } from '../errors';
import { type ModelProto, ModelProtoSchema } from './onnx_pb';

/** The first version of the format that ONNX 1.0 wrote. */
const OLDEST_IR = 3n;

/**
 * Reads an ONNX file, which anybody may have written. Its weights are not copied, and nothing is allocated that is not there.
 * @param file its name, for messages
 * @throws OnnxError
 */
export function readModel(bytes: Uint8Array, file: string): ModelProto {
  const model = decoded(bytes, file);
  const { graph, irVersion, opsetImport } = model;
  if (graph === undefined)
    throw new OnnxError(file, 'it holds no graph, so it is no ONNX model. Check that it is the right file');
  if (irVersion < OLDEST_IR)
    throw new OnnxError(
      file,
      `it is written in version ${irVersion} of the ONNX format, which is older than ONNX 1.0. Export it again`,
    );
  if (graph.output.length === 0)
    throw new OnnxError(file, 'its graph has no output, so there is nothing to compute. Export it again');
  if (opsetImport.length === 0)
    throw new OnnxError(file, 'it does not state which opset its operators are from. Export it again');
  return model;
}

function decoded(bytes: Uint8Array, file: string): ModelProto {
  if (bytes.length === 0) throw new OnnxError(file, 'it is empty');
  try {
    return fromBinary(ModelProtoSchema, bytes);
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause);
    throw new OnnxError(
      file,
      `it is no ONNX file, or a part of it is missing (${what}). Check that it is the right file, and copy or export it again`,
      {},
      { cause },
    );
  }
}
