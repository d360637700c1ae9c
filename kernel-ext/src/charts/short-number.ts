/** A number to four digits, for reading values off: `0.3333`, `−12.5`. */
export const shortNumber = (value: number): string => String(Number(value.toPrecision(4))).replace('-', '−');
