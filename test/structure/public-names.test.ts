import assert from 'node:assert/strict';
import path from 'node:path';
import ts from 'typescript';
import manifest from '../../kernel-ext/package.json';
import * as piecewise from '../../kernel-ext/src/index';
import * as errors from '../../kernel-ext/src/public-errors';

const root = path.resolve(__dirname, '../../kernel-ext');

/** A name more or less in these lists is a change that users see: it belongs in CHANGELOG.md as well. */
const VALUES = [
  'DISPLAY',
  'atlas',
  'census',
  'compile',
  'contrastEdit',
  'data',
  'layerNames',
  'linearize',
  'loadEmbedding',
  'loadOnnx',
  'path',
  'plot',
  'progress',
  'saveNumbers',
  'selection',
  'slice',
  'startRuntime',
  'toCsv',
  'toNpy',
  'tsne',
  'verify',
];

const TYPES = [
  'Atlas',
  'AtlasGroup',
  'AtlasOptions',
  'Batches',
  'BoundaryPiece',
  'Bundle',
  'Census',
  'CensusOptions',
  'Certificate',
  'CertificateOptions',
  'Check',
  'ClassCell',
  'ClusterMeans',
  'CompileOptions',
  'ContrastEdit',
  'CsvOptions',
  'DataOptions',
  'Direction',
  'Displacement',
  'Embedding',
  'Executor',
  'FrozenError',
  'IdxArray',
  'ImageOptions',
  'InputPart',
  'InstanceGroups',
  'Integrated',
  'LabeledData',
  'LayerBias',
  'LayerBiasTerms',
  'LayerCensus',
  'LinearMap',
  'Linearization',
  'LinearizeOptions',
  'LinearizedInstance',
  'Linearizer',
  'MeasureOptions',
  'Measures',
  'Members',
  'Model',
  'NamedInputs',
  'NamedModel',
  'NamedShapes',
  'NpyOptions',
  'NumbersOptions',
  'Numeric',
  'OnnxInputs',
  'OnnxModel',
  'OnnxOptions',
  'Path',
  'PathOptions',
  'PatternNeighbor',
  'Placed',
  'PlanePoint',
  'PlotOptions',
  'Plottable',
  'PointData',
  'PointLabel',
  'PolicyChoice',
  'PolicyUse',
  'Polygon',
  'ProgressBar',
  'ProgressOptions',
  'Radius',
  'RadiusOptions',
  'Reach',
  'ReachOptions',
  'Region',
  'Residual',
  'RunOptions',
  'Runtime',
  'Sampled',
  'SamplingRule',
  'SaveOptions',
  'Selection',
  'SingleImageOptions',
  'Slice',
  'SliceOptions',
  'SparseGraph',
  'Target',
  'TrainingProgress',
  'TrainingRecord',
  'TsneOptions',
  'Unit',
  'Work',
];

const ERRORS = [
  'AbortError',
  'ArrayPayloadError',
  'BackendUnavailableError',
  'BatchError',
  'BinCountError',
  'CensusDataError',
  'CertificateError',
  'ChartDataError',
  'ChartKindError',
  'CheckpointInUseError',
  'CheckpointMismatchError',
  'CheckpointReadError',
  'ClassIndexError',
  'ClusterCountError',
  'ColumnLengthError',
  'CompiledShapeError',
  'ComposeError',
  'CsvFormatError',
  'DataFileError',
  'DataIndexError',
  'DataShapeError',
  'DataUnavailableError',
  'DisconnectedError',
  'DiscontinuityError',
  'DisposedError',
  'DtypeError',
  'DynamicGraphError',
  'EmptyActivationError',
  'EmptyGroupError',
  'EmptyInputError',
  'FigureFileError',
  'FileWriteError',
  'Float32LossError',
  'IdxFormatError',
  'ImageFileError',
  'ImageFolderError',
  'ImageSideError',
  'InputNamesError',
  'InputValueError',
  'InstanceIndexError',
  'LabelsError',
  'LayerNameError',
  'LayerOrderError',
  'LoadError',
  'ManyOutputsError',
  'MemoryBudgetError',
  'ModelChangedError',
  'ModelError',
  'NameCountError',
  'NamedBatchError',
  'NeighborCountError',
  'NetworkError',
  'NoRegionError',
  'NoTieError',
  'NonFiniteDataError',
  'NonFiniteInputError',
  'NonFiniteOutputError',
  'NotPlottableError',
  'NpyFormatError',
  'NumbersError',
  'OnnxError',
  'OptionError',
  'OutputNameError',
  'PathEndsError',
  'PathSumError',
  'PatternsNotKeptError',
  'PerplexityError',
  'PieceIndexError',
  'PiecewiseError',
  'PlanePointError',
  'PlotValueError',
  'PolicyError',
  'RaggedInputError',
  'RankError',
  'RegionStartError',
  'SaveError',
  'ShapeError',
  'SliceColorError',
  'SliceError',
  'SliceLimitError',
  'StepCountError',
  'SuperpixelError',
  'TargetError',
  'TokensError',
  'TooFewPointsError',
  'TrainingDivergedError',
  'TrainingInterruptedError',
  'TsneOptionError',
  'UnknownBackendError',
  'UnknownColumnError',
  'UnknownLabelError',
  'UnknownPointError',
  'UnsupportedKernelError',
  'VectorShapeError',
  'WhatIfStartError',
  'WrongProductError',
];

interface Typed {
  types: string;
  default: string;
}

/** The compiler's view of what `piecewise` exports. */
function readSurface() {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.Node20,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: ['node'],
  };
  const file = path.join(root, 'src/index.ts');
  const program = ts.createProgram([file], options);
  const checker = program.getTypeChecker();
  const all = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(file)!)!);
  const target = (symbol: ts.Symbol) =>
    symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  return { checker, all, target };
}

describe('the public names of piecewise', function () {
  // The compiler reads the package and TensorFlow.js.
  this.timeout(120_000);
  let surface: ReturnType<typeof readSurface>;
  before(() => (surface = readSurface()));

  it('are these values', () => {
    assert.deepEqual(Object.keys(piecewise).sort(), VALUES);
  });

  it('are these types', () => {
    const names = surface.all.map(({ name }) => name).filter(name => !VALUES.includes(name));
    assert.deepEqual(names.sort(), TYPES);
  });

  it('include every type of the package that the signature of a command names', () => {
    const { checker, all, target } = surface;
    const exported = new Set(all.map(target));
    const missing = new Set<string>();
    for (const symbol of all.map(target))
      for (const declaration of symbol.declarations ?? [])
        if (ts.isFunctionDeclaration(declaration))
          for (const type of [...declaration.parameters, declaration.type]) type && look(type);
    function look(node: ts.Node): void {
      if (ts.isTypeReferenceNode(node)) {
        const named = checker.getSymbolAtLocation(node.typeName);
        const symbol = named && target(named);
        const from = symbol?.declarations?.[0].getSourceFile().fileName ?? '';
        const isOwn = from.startsWith(`${root}/src/`) && !(symbol!.flags & ts.SymbolFlags.TypeParameter);
        if (isOwn && !exported.has(symbol!)) missing.add(symbol!.name);
      }
      ts.forEachChild(node, look);
    }
    assert.deepEqual([...missing], []);
  });

  it('of piecewise/errors are these classes, each of which is a PiecewiseError', () => {
    assert.deepEqual(Object.keys(errors).sort(), ERRORS);
    for (const error of Object.values(errors))
      assert.ok(error === errors.PiecewiseError || error.prototype instanceof errors.PiecewiseError);
  });

  it('are found by the resolution of TypeScript 5 and by that of stock tslab', () => {
    const from = path.join(root, '../notebooks/notebook.ts');
    const { Bundler, Node10 } = ts.ModuleResolutionKind;
    for (const moduleResolution of [Bundler, Node10])
      for (const [entry, { types }] of Object.entries<string | Typed>(manifest.exports).filter(isTyped)) {
        const name = path.posix.join('piecewise', entry);
        const { resolvedModule } = ts.resolveModuleName(name, from, { moduleResolution }, ts.sys);
        assert.equal(resolvedModule?.resolvedFileName, path.join(root, types), name);
      }
  });
});

function isTyped(entry: [string, string | Typed]): entry is [string, Typed] {
  return typeof entry[1] !== 'string';
}
