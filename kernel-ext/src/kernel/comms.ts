import { randomUUID } from 'node:crypto';
import type { Extras } from './server';
import type { Json, Message } from './wire';

/** What arrives on a comm. Buffers are the binary frames that follow the message. */
export interface CommMessage {
  data: Json;
  metadata: Json;
  buffers: ArrayBufferView[];
}

/** One end of a two-way channel between front end and kernel. */
export interface Comm {
  readonly id: string;
  readonly target: string;
  send(data: Json, extras?: Extras): void;
  close(data?: Json, extras?: Extras): void;
  /** Called for every message of the front end, on arrival. */
  onMessage: ((message: CommMessage) => void) | null;
  /** Called when the front end closes the comm. */
  onClose: ((message: CommMessage) => void) | null;
}

/** Called when the front end opens a comm with this target. */
export type CommTarget = (comm: Comm, opened: CommMessage) => void;

/** Key of the kernel's comms on globalThis, for libraries with a front end of their own. */
export const COMMS = Symbol.for('piecewise.comms');

/** All comms of the kernel: https://jupyter-client.readthedocs.io/en/stable/messaging.html#custom-messages */
export class Comms {
  private readonly targets = new Map<string, CommTarget>();
  private readonly open = new Map<string, Comm>();

  constructor(private readonly publish: (type: string, content: Json, extras?: Extras) => void) {}

  registerTarget(name: string, target: CommTarget): void {
    this.targets.set(name, target);
  }

  /** Opens a comm from the kernel's side; the front end must know the target. */
  connect(target: string, data: Json = {}, extras?: Extras): Comm {
    const comm = this.create(randomUUID(), target);
    this.publish('comm_open', { comm_id: comm.id, target_name: target, data }, extras);
    return comm;
  }

  /** Answers comm_info_request; `target` limits it to one target. */
  info(target?: unknown): Json {
    const comms: Json = {};
    for (const comm of this.open.values()) {
      if (!target || comm.target === target) comms[comm.id] = { target_name: comm.target };
    }
    return comms;
  }

  /** Handles a comm_open, comm_msg or comm_close of the front end. Messages for unknown comms are dropped. */
  receive(request: Message): void {
    const { content, metadata, buffers } = request;
    const message = { data: (content.data ?? {}) as Json, metadata, buffers };
    const id = String(content.comm_id);
    switch (request.header.msg_type) {
      case 'comm_open':
        this.accept(id, String(content.target_name), message);
        break;
      case 'comm_msg':
        this.open.get(id)?.onMessage?.(message);
        break;
      case 'comm_close': {
        const comm = this.open.get(id);
        this.open.delete(id);
        comm?.onClose?.(message);
      }
    }
  }

  private accept(id: string, name: string, message: CommMessage): void {
    const target = this.targets.get(name);
    if (!target) {
      // The protocol requires this answer, so that the front end does not wait in vain.
      this.publish('comm_close', { comm_id: id, data: {} });
      return;
    }
    const comm = this.create(id, name);
    try {
      target(comm, message);
    } catch (error) {
      comm.close();
      throw error;
    }
  }

  private create(id: string, target: string): Comm {
    const comm: Comm = {
      id,
      target,
      onMessage: null,
      onClose: null,
      send: (data, extras) => this.publish('comm_msg', { comm_id: id, data }, extras),
      close: (data = {}, extras) => {
        if (this.open.delete(id)) this.publish('comm_close', { comm_id: id, data }, extras);
      },
    };
    this.open.set(id, comm);
    return comm;
  }
}
