import { Option } from 'commander';

export const modelsOption = () =>
  new Option('--models <dir>', 'folder of your own models (default: in the XDG data directory)');
export const excelOption = () =>
  new Option('--excel', 'with csv: as Excel reads it, and so that it takes nothing for a formula').default(false);
export const jsonOption = () => new Option('--json', 'print JSON');
