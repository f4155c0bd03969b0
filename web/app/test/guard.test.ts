/** Requests that meet a closed door: who is asked, what is sent again, and that nothing is asked twice. */
import { expect, test, vi } from 'vitest';
import { askPerson, settle } from '../src/lib/asks.ts';
import { createGuard } from '../src/lib/guard.ts';

const ORIGIN = 'https://stats.example.com';
const answer = (status: number, body: object = {}) => new Response(JSON.stringify(body), { status });
const CONFIRM = { error: 'confirm that it is you', field: 'confirm' };

function drive(answers: Response[], { signIn = false, confirm = false, signedIn = false } = {}) {
  const bodies: string[] = [];
  const send = vi.fn(async (request: Request) => {
    bodies.push(await request.text());
    return answers.shift()!;
  });
  const asks = { isSignedIn: async () => signedIn, signIn: vi.fn(async () => signIn), confirm: vi.fn(async () => confirm) };
  return { asks, bodies, send: createGuard(send, asks) };
}
const put = (path: string) => new Request(ORIGIN + path, { method: 'PUT', body: '{"password":"new"}' });

test('a change that wants a confirmation waits for it and is sent again as it was', async () => {
  const { asks, bodies, send } = drive([answer(403, CONFIRM), new Response(null, { status: 204 })], { confirm: true });
  const reply = await send(put('/api/me/password'));
  expect(reply.status).toBe(204);
  expect(bodies).toEqual(['{"password":"new"}', '{"password":"new"}']);
  expect(asks.confirm).toHaveBeenCalledOnce();
});

test('who does not confirm hears the refusal, and nothing is sent again', async () => {
  const { bodies, send } = drive([answer(403, CONFIRM)]);
  const reply = await send(put('/api/me/password'));
  expect(reply.status).toBe(403);
  expect(await reply.json()).toEqual(CONFIRM);
  expect(bodies).toHaveLength(1);
});

test('a second refusal is the answer: nobody is asked in circles', async () => {
  const { asks, send } = drive([answer(403, CONFIRM), answer(403, CONFIRM)], { confirm: true });
  expect((await send(put('/api/me/password'))).status).toBe(403);
  expect(asks.confirm).toHaveBeenCalledOnce();
});

test('a 403 for another reason asks for nothing', async () => {
  const { asks, send } = drive([answer(403, { error: 'your role does not allow it' })], { confirm: true });
  expect((await send(put('/api/people/1'))).status).toBe(403);
  expect(asks.confirm).not.toHaveBeenCalled();
});

test('where the sign-in ended the person signs in, then confirms, and the change goes through', async () => {
  const { asks, bodies, send } = drive([answer(401), answer(403, CONFIRM), answer(200)], { signIn: true, confirm: true });
  expect((await send(put('/api/keys'))).status).toBe(200);
  expect(bodies).toHaveLength(3);
  expect([asks.signIn.mock.calls.length, asks.confirm.mock.calls.length]).toEqual([1, 1]);
});

test.each([
  '/api/session',
  '/api/session/confirm',
  '/api/session/second-factor',
  '/api/setup',
  '/api/password',
  '/api/invitations/look',
  '/api/invitations/accept',
])('at %s a 401 is an answer and no interruption', async (path) => {
  const { asks, send } = drive([answer(401)], { signIn: true });
  expect((await send(put(path))).status).toBe(401);
  expect(asks.signIn).not.toHaveBeenCalled();
});

test('while the sign-in holds a 401 says that a code was wrong, and interrupts nobody', async () => {
  const { asks, bodies, send } = drive([answer(401, { error: 'the code is wrong' })], { signIn: true, signedIn: true });
  expect((await send(put('/api/me/totp'))).status).toBe(401);
  expect(asks.signIn).not.toHaveBeenCalled();
  expect(bodies).toHaveLength(1);
});

test('at the list of invitations it is an interruption', async () => {
  const { asks, send } = drive([answer(401), answer(200)], { signIn: true });
  expect((await send(new Request(`${ORIGIN}/api/invitations`))).status).toBe(200);
  expect(asks.signIn).toHaveBeenCalledOnce();
});

test('many requests that meet the same door ask once and hear the same answer', async () => {
  const answers = Promise.all([askPerson('signIn'), askPerson('signIn'), askPerson('confirm')]);
  settle('signIn', true);
  settle('confirm', false);
  expect(await answers).toEqual([true, true, false]);
});
