import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A connection to a server that can be cut and restored, so that a page sees a network that fails. */
export class Cable {
  /** @param url of the server, with its port */
  static async to(url: string): Promise<Cable> {
    const cable = new Cable(Number(new URL(url).port));
    await new Promise<void>(ready => cable.entry.listen(0, '127.0.0.1', ready));
    return cable;
  }

  private readonly entry: Server;
  private readonly ends = new Set<Socket>();
  private isCut = false;

  private constructor(port: number) {
    this.entry = createServer(near => {
      if (this.isCut) return near.destroy();
      const far = connect(port, '127.0.0.1');
      near.pipe(far).pipe(near);
      for (const [end, other] of [
        [near, far],
        [far, near],
      ]) {
        this.ends.add(end);
        end.on('error', () => other.destroy());
        end.on('close', () => (this.ends.delete(end), other.destroy()));
      }
    });
  }

  /** The address that the page uses. */
  get url(): string {
    return `http://127.0.0.1:${(this.entry.address() as AddressInfo).port}`;
  }

  cut(): void {
    this.isCut = true;
    this.ends.forEach(end => end.destroy());
  }

  mend(): void {
    this.isCut = false;
  }

  close(): void {
    this.cut();
    this.entry.close();
  }
}
