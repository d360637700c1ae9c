import type * as typescript from '@tslab/typescript-for-tslab';

type Builder = typescript.BuilderProgram;

/** Internal members of TypeScript 5.0. */
export interface Binder {
  bindSourceFile(file: typescript.SourceFile, options: typescript.CompilerOptions): void;
}

/** The parts of tslab's compiler that are needed here. */
interface Compiler {
  ts: typeof typescript & Binder;
  host: typescript.WatchCompilerHost<Builder>;
  options: typescript.CompilerOptions;
  /** The file in which tslab puts the text of a cell. */
  cell: string;
  /** The last program that was built. */
  latest: () => Builder;
}

/**
 * tslab builds two programs for a cell: one to read the names that the cell declares, and one of the cell with an `export` of
 * those names at its end. The file of the cell alone has the names, so the first program is deferred, and built only for a
 * cell without names, which gets no second program.
 */
export class NamesFirst {
  private mayPutOff = false;
  private putOff: { build: () => void; timer: unknown } | null = null;
  private last = '';

  constructor(private readonly compiler: Compiler) {
    const { host } = compiler;
    const { setTimeout, clearTimeout } = host;
    host.setTimeout = (build: () => void, ms) => {
      const timer: unknown = setTimeout!(() => (this.mayPutOff ? this.wait(build, timer) : build()), ms);
      return timer;
    };
    host.clearTimeout = timer => {
      if (this.putOff?.timer !== timer) clearTimeout!(timer);
      this.putOff = null;
    };
  }

  /**
   * @param convert tslab's conversion of `code` after cells that declared `declarations`. It changes the tree of what it
   *   converts, so the same code must be read again next time, which needs the program in between.
   */
  during<T>(declarations: string, code: string, convert: () => T): T {
    const text = `${declarations}\0${code}`;
    this.mayPutOff = text !== this.last;
    this.last = text;
    try {
      return convert();
    } finally {
      this.mayPutOff = false;
    }
  }

  private wait(build: () => void, timer: unknown): void {
    this.mayPutOff = false;
    this.putOff = { build, timer };
    const getSourceFile = (name: string): typescript.SourceFile | undefined => this.fileOf(name);
    this.compiler.host.afterProgramCreate!({ getSourceFile } as Builder);
  }

  /** The cell's file, if it declares something; nothing else of the first program is read. */
  private fileOf(name: string): typescript.SourceFile | undefined {
    const { host, cell, latest } = this.compiler;
    const file = this.bound();
    if (file.locals?.size) return name === cell ? file : undefined;
    this.putOff?.build();
    this.putOff = null;
    // A text that a completion has already asked about is not built.
    host.afterProgramCreate!(latest());
    return latest().getSourceFile(name);
  }

  private bound(): typescript.SourceFile {
    const { ts, host, options, cell } = this.compiler;
    const file = ts.createSourceFile(
      cell,
      host.readFile(cell) ?? '',
      options.target ?? ts.ScriptTarget.Latest,
    );
    ts.bindSourceFile(file, options);
    return file;
  }
}
