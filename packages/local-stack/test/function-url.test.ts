import { once } from 'node:events';
import http from 'node:http';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { closeSmallStack, startSmallStack } from './running-small-stack.ts';

jest.setTimeout(40_000);
afterEach(closeSmallStack);

describe('a function URL', () => {
  test('keeps the path’s encoding, passes the body, and gives the handler’s answer', async () => {
    const { outputs } = await startSmallStack();
    const response = await fetch(`${outputs.Url}images/b/a%2Fb%20c?q=x%3Dy&q=z`, { method: 'POST', body: 'hello' });
    expect(response.status).toBe(201);
    expect(await response.json()).toEqual({
      path: '/images/b/a%2Fb%20c',
      query: 'q=x%3Dy&q=z',
      parameters: { q: 'x=y,z' },
      method: 'POST',
      body: 'hello',
      table: outputs.TableName,
      // Of this machine's environment a function sees nothing.
    });
  });

  test('answers 502 when the function throws, and goes on', async () => {
    const { outputs } = await startSmallStack();
    expect((await fetch(`${outputs.Url}throw`)).status).toBe(502);
    expect((await fetch(`${outputs.Url}again`)).status).toBe(201);
  });

  test('refuses what another site’s page asks, by whatever name', async () => {
    const { outputs } = await startSmallStack();
    expect((await fetch(outputs.Url!, { headers: { origin: 'https://elsewhere.example' } })).status).toBe(403);
    expect((await fetch(outputs.Url!, { headers: { origin: 'null' } })).status).toBe(403);
    const request = http.get(outputs.Url!, { headers: { host: 'rebound.example' } });
    const [response] = await once(request, 'response');
    response.resume();
    expect(response.statusCode).toBe(403);
  });

  test('answers 413 to a body above 6 MiB', async () => {
    const { outputs } = await startSmallStack();
    for (let i = 0; i < 10; i++) {
      const response = await fetch(outputs.Url!, { method: 'POST', body: Buffer.alloc(7 * 2 ** 20) });
      expect(response.status).toBe(413);
    }
  });
});
