/** The files of the fonts that figures are drawn with, from a package, so that they look the same on every machine. */
export const figureFonts = (): { regular: string; bold: string } => ({
  regular: require.resolve('dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf'),
  bold: require.resolve('dejavu-fonts-ttf/ttf/DejaVuSansCondensed-Bold.ttf'),
});
