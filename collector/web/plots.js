/*
 * The plots of the console's pages. What a plot says, its lines, its scale, its table, is made by the server and stands in the page
 * (`data-plot`); here it is drawn with what ECharts has of it, and nothing else is in the file that pages load.
 *
 * SVG, and tooltips that are drawn and not written as HTML: so nothing here needs more than the pages' own strict policy.
 */
import { LineChart } from 'echarts/charts';
import { GridComponent, MarkLineComponent, TooltipComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

echarts.use([LineChart, GridComponent, MarkLineComponent, TooltipComponent, SVGRenderer]);

// A token of the sheet is a colour only where it is used: it may be one on light ground and another on dark.
const probe = document.createElement('span');
probe.hidden = true;
document.body.append(probe);
const colour = (token) => {
  probe.style.color = `var(${token})`;
  return getComputedStyle(probe).color;
};

const resolved = (value) => {
  if (typeof value === 'string') return value.startsWith('--') ? colour(value) : value;
  if (Array.isArray(value)) return value.map(resolved);
  if (value && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, resolved(one)]));
  }
  return value;
};

const draw = (canvas) => {
  const { options, tips } = JSON.parse(canvas.dataset.plot);
  const { fontFamily } = getComputedStyle(canvas);
  const formatter = (points) => tips[points[0].dataIndex];
  const chart = echarts.getInstanceByDom(canvas) ?? echarts.init(canvas, null, { renderer: 'svg' });
  const { tooltip, ...others } = resolved(options);
  chart.setOption({ ...others, textStyle: { fontFamily }, tooltip: { ...tooltip, formatter } }, true);
};

const all = () => document.querySelectorAll('[data-plot]');

// A plot whose table is shown instead has no width; it gets one when it is asked for.
const sizes = new ResizeObserver((changed) => {
  for (const { target, contentRect } of changed) {
    if (!contentRect.width) continue;
    const chart = echarts.getInstanceByDom(target);
    if (chart) chart.resize();
    else draw(target);
  }
});

all().forEach((canvas) => sizes.observe(canvas));
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  all().forEach((canvas) => echarts.getInstanceByDom(canvas) && draw(canvas));
});
