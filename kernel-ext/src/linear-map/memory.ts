import { freemem } from 'node:os';

const MIB = 2 ** 20;
const LEAST = 64 * MIB;
const MOST = 1024 * MIB;

/** Bytes that work may take unless the caller says otherwise: a quarter of the machine's free memory, 64 MiB to 1 GiB. */
export const defaultMemory = (): number => Math.min(MOST, Math.max(LEAST, Math.floor(freemem() / 4)));
