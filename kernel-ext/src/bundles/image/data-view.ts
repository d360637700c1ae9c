import type { ChartView } from '../../charts/chart-view';
import type { ImageView } from './image-bundle';

/** Options of `plot` for images, arrays, tables, and training histories. */
export type DataView = ChartView & ImageView;
