// A payload of `generic.schema.json`, as long as one likes.

const id = (prefix, index) => `${prefix}_${String(index * 7919 + 10000000).padStart(12, '0')}`;
const two = (number) => String(number).padStart(2, '0');
const time = (index) => `2026-03-${two((index % 28) + 1)}T09:${two(index % 60)}:30Z`;

const person = (index) => ({
  id: id('usr', index % 12),
  name: ['Ada Lovelace', 'Grace Hopper', 'Alan Turing'][index % 3],
  email: index % 4 ? `person${index % 12}@example.com` : null,
  locale: ['en', 'de', 'ja'][index % 3],
  roles: index % 2 ? ['editor'] : ['admin', 'viewer'],
});

const money = (index) => ({
  amount: (index % 977) + 0.99,
  currency: ['EUR', 'USD'][index % 2],
  taxRate: index % 3 ? 0.19 : null,
});

const KINDS = [
  (index) => ({
    kind: 'task.changed',
    task: {
      id: id('tsk', index),
      title: `Prepare the review of quarter ${(index % 4) + 1} and send the figures around`,
      state: ['open', 'started', 'done'][index % 3],
      priority: (index % 5) + 1,
      estimate: index % 3 ? 1.25 : null,
      assignee: index % 5 ? person(index + 1) : null,
      due: index % 2 ? time(index + 5) : null,
      labels: [{ name: 'finance', colour: '#3366cc' }, { name: 'urgent', colour: '#cc0000' }],
      fields: { x_region: 'EMEA', x_score: index, x_flag: true },
    },
    previous: index % 2 ? { state: 'open', priority: 3 } : null,
  }),
  (index) => ({
    kind: 'comment.added',
    comment: {
      id: id('com', index),
      body: 'The numbers in the second table do not add up; could you look at the rounding once more?',
      visibility: index % 2 ? 'internal' : 'public',
      mentions: [person(index + 3)],
      attachments: [
        {
          name: 'figures.pdf',
          mediaType: 'application/pdf',
          bytes: 120034 + index,
          checksum: '0123456789abcdef',
          preview: null,
        },
      ],
      replyTo: index % 3 ? id('com', index + 1) : null,
    },
  }),
  (index) => ({
    kind: 'invoice.issued',
    invoice: {
      number: `2026-${String(index).padStart(6, '0')}`,
      total: money(index),
      paid: index % 2 === 0,
      lines: [
        { description: 'Seats', quantity: 12, price: money(index + 1), discount: null },
        { description: 'Storage, per gigabyte', quantity: 0.5, price: money(index + 2), discount: money(index) },
      ],
      customer: person(index),
    },
  }),
  (index) => ({
    kind: 'member.joined',
    member: person(index),
    invitedBy: index % 2 ? person(index + 2) : null,
    via: 'link',
  }),
];

export function workspaceExport(items) {
  return {
    apiVersion: 'v2.1',
    id: id('exp', 1),
    createdAt: time(3),
    workspace: {
      id: id('wsp', 4),
      name: 'Analytical Engines',
      plan: 'business',
      locale: 'en-GB',
      seats: 40,
      limits: { projects: 100, storageGigabytes: 500 },
    },
    links: { self: 'https://api.example.com/exports/1', next: null, docs: 'https://example.com/docs' },
    changes: Array.from({ length: items }, (_, index) => {
      const { kind, ...rest } = KINDS[index % KINDS.length](index);
      return { kind, id: id('chg', index), at: time(index), sequence: index, actor: person(index), ...rest };
    }),
  };
}
