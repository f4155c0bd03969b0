/** The same series as a table, for those who do not see the drawing. */
import type { Interval } from '../../lib/interval.ts';
import { formatMetric, type HeadlineMetric, metric } from '../../lib/metrics.ts';
import type { Point } from './geometry.ts';
import { nameBucket, WORDS } from './messages.ts';

interface ChartTableProps {
  id: string;
  points: Point[];
  interval: Interval;
  name: HeadlineMetric;
}

export function ChartTable({ id, points, interval, name }: ChartTableProps) {
  const compared = points.some((point) => point.before);
  return (
    <div id={id} className="sr-only">
      <table>
        <caption>{WORDS.overTime(metric(name).label)}</caption>
        <thead>
          <tr>
            <th scope="col">{WORDS.time}</th>
            <th scope="col">{metric(name).label}</th>
            {compared && <th scope="col">{WORDS.before}</th>}
          </tr>
        </thead>
        <tbody>
          {points
            .filter((point) => point.state !== 'ahead')
            .map((point, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: an hour occurs twice when clocks go back
              <tr key={index}>
                <th scope="row">
                  {nameBucket(point.label, interval)}
                  {point.state === 'filling' && ' (incomplete)'}
                </th>
                <td>{formatMetric(name, point.value)}</td>
                {compared && <td>{formatMetric(name, point.before?.value)}</td>}
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  );
}
