// Colours of the page's design system, in the form ECharts wants: a theme object of plain RGB.

const SERIES = 7;
let pixel;

/** Any CSS colour as `rgb…`: the tokens are in OKLCH, which ECharts can neither parse nor mix. */
export function rgb(css) {
  pixel ??= new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  pixel.clearRect(0, 0, 1, 1);
  pixel.fillStyle = '#000';
  pixel.fillStyle = css;
  pixel.fillRect(0, 0, 1, 1);
  const [r, g, b, a] = pixel.getImageData(0, 0, 1, 1).data;
  return a === 255 ? `rgb(${r},${g},${b})` : `rgba(${r},${g},${b},${(a / 255).toFixed(3)})`;
}

/** The value of a custom property such as `--chart-1`, as RGB; undefined when the page does not define it. */
export function token(element, name) {
  const value = getComputedStyle(element).getPropertyValue(name).trim();
  return value ? rgb(value) : undefined;
}

export function theme(element, themeName) {
  const text = token(element, '--text');
  const muted = token(element, '--text-muted') ?? text;
  const border = token(element, '--border');
  const surface = token(element, '--surface');
  const { fontFamily } = getComputedStyle(element);
  const axis = {
    axisLine: { lineStyle: { color: border } },
    axisTick: { lineStyle: { color: border } },
    axisLabel: { color: muted, hideOverlap: true },
    nameTextStyle: { color: muted },
    splitLine: { lineStyle: { color: border } },
  };
  const series = [];
  for (let i = 1; i <= SERIES; i += 1) {
    const colour = token(element, `--chart-${i}`);
    if (colour) series.push(colour);
  }
  return {
    ...(series.length ? { color: series } : {}),
    darkMode: isDark(themeName),
    backgroundColor: 'transparent',
    textStyle: { color: text, fontFamily },
    categoryAxis: axis,
    timeAxis: axis,
    valueAxis: axis,
    logAxis: axis,
    // Above the plot, where it cannot cover the time axis.
    legend: { type: 'scroll', top: 0, icon: 'roundRect', itemWidth: 14, itemHeight: 4, textStyle: { color: text }, inactiveColor: border },
    tooltip: {
      backgroundColor: surface,
      borderColor: border,
      textStyle: { color: text },
      axisPointer: { lineStyle: { color: muted }, crossStyle: { color: muted }, label: { backgroundColor: muted, color: surface } },
    },
    markLine: { symbol: 'none', label: { color: text, position: 'insideEndTop' } },
    markPoint: { label: { color: text } },
    dataZoom: { borderColor: border, textStyle: { color: muted } },
  };
}

function isDark(themeName) {
  if (themeName === 'dark' || themeName === 'light') return themeName === 'dark';
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
}

/** Calls back when the person or the system switches between light and dark. */
export function watchTheme(changed) {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', changed);
  new MutationObserver(changed).observe(document.documentElement, { attributeFilter: ['data-theme', 'class'] });
}
