/** What happens at another input: F(x′) of the network, and W·x′ + b of the map of x, C numbers each. */
export interface Elsewhere {
  output: number[];
  predicted: number[];
  /** How many units are in another state than at x, out of all units of the network; 0: the map is exact at x′. */
  switched: number;
  units: number;
}
