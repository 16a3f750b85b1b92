import { html, nothing, type TemplateResult } from 'lit-html';
import type { App } from '../app.ts';
import { folderOf, folderQuestion, takenIn } from '../places.ts';
import type { MonthCount } from '../server.ts';
import { facetView } from './facet.ts';

const monthName = new Intl.DateTimeFormat('en', { month: 'long', timeZone: 'UTC' });

/** The years that photos were taken in; of the one that is asked for, its months. */
export function timelineView(app: App): TemplateResult | typeof nothing {
  const { months } = app.places;
  if (months.length === 0) return nothing;
  const years = Map.groupBy(months, ({ month }) => month.slice(0, 4));
  const asked = takenIn(app.question);
  return html`
    <section class="places timeline" aria-labelledby="timeline-heading">
      <h2 id="timeline-heading">Taken</h2>
      <ul>
        ${[...years].map(([year, ofYear]) => {
          const count = ofYear.reduce((sum, each) => sum + each.count, 0);
          const isOpen = asked?.year === year;
          return html`
            ${choice(app, { name: year, count, question: `taken:${year}` })}
            ${isOpen ? ofYear.map((month) => monthView(app, month, ofYear)) : nothing}
          `;
        })}
      </ul>
    </section>
  `;
}

/** With a bar as long as the month is full. */
function monthView(app: App, { month, count }: MonthCount, ofYear: readonly MonthCount[]): TemplateResult {
  const most = Math.max(...ofYear.map((each) => each.count));
  const name = monthName.format(new Date(`${month}-01T00:00:00Z`));
  const share = count / most;
  return choice(app, { name, count, question: `taken:${month}`, isBelow: true, share });
}

/** The folders below the one that is asked for, and the way up. */
export function foldersView(app: App): TemplateResult | typeof nothing {
  const { folders } = app.places;
  const asked = folderOf(app.question);
  if (folders.length === 0 && asked === undefined) return nothing;
  const above = asked?.split('/').slice(0, -1).join('/');
  return html`
    <section class="places folders" aria-labelledby="folders-heading">
      <h2 id="folders-heading">Folders</h2>
      <ul>
        ${
          asked === undefined
            ? nothing
            : html`<li><button class="facet up" type="button" @click=${() => app.ask(above ? { q: folderQuestion(above) } : {})}>
                <span class="name">↑ ${above || 'All folders'}</span></button></li>`
        }
        ${folders.map(({ folder, count }) =>
          choice(app, { name: folder.split('/').at(-1)!, count, question: folderQuestion(folder) }),
        )}
      </ul>
    </section>
  `;
}

interface Choice {
  name: string;
  count: number;
  question: string;
  isBelow?: boolean;
  share?: number;
}

function choice(app: App, { question, ...facet }: Choice): TemplateResult {
  const isCurrent = app.question.q === question;
  const choose = () => app.ask(isCurrent ? {} : { q: question });
  return facetView({ ...facet, facet: question, isCurrent, choose });
}
