// Workers KV as the runtime speaks to it, in memory: the same for every contender, and as cheap as can be.

const values = new Map();
/** As many as fit into memory: the oldest are forgotten. */
const MOST = 20_000;

export default {
  async fetch(request) {
    const key = new URL(request.url).pathname;
    if (request.method === 'PUT') {
      if (values.size >= MOST) values.delete(values.keys().next().value);
      values.set(key, await request.text());
      return new Response(null);
    }
    const value = values.get(key);
    return value === undefined ? new Response(null, { status: 404 }) : new Response(value);
  },
};
