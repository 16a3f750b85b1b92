import { Option } from 'commander';
import { wholeNumber } from './arguments.ts';

export const modelsOption = () =>
  new Option('--models <dir>', 'folder of your own models (default: in the XDG data directory)');
export const excelOption = () =>
  new Option('--excel', 'with csv: as Excel reads it, and so that it takes nothing for a formula').default(false);
export const jsonOption = () => new Option('--json', 'print JSON');
export const stackOption = () => new Option('--stack <name>', 'a deployed stack (default: the local one that runs)');
export const localOption = () =>
  new Option('--local <port>', 'the local stack of that port, where several run').argParser(wholeNumber(1));
