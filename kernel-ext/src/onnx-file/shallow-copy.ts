import type { Message } from '@bufbuild/protobuf';

/** A copy of a message that shares what it holds. Fields that are not set come from its prototype. */
export function shallowCopy<T extends Message>(message: T, changes: Partial<T>): T {
  return Object.assign(Object.create(Object.getPrototypeOf(message)) as T, message, changes);
}
