/// <reference path="./bullmq-scripts.d.ts" />
import { addDelayedJob } from 'bullmq/dist/cjs/scripts/addDelayedJob-6.js';
import { addPrioritizedJob } from 'bullmq/dist/cjs/scripts/addPrioritizedJob-9.js';
import { getCounts } from 'bullmq/dist/cjs/scripts/getCounts-1.js';
import { moveJobFromActiveToWait } from 'bullmq/dist/cjs/scripts/moveJobFromActiveToWait-9.js';
import { moveStalledJobsToWait } from 'bullmq/dist/cjs/scripts/moveStalledJobsToWait-9.js';
import { moveToActive } from 'bullmq/dist/cjs/scripts/moveToActive-11.js';
import { moveToDelayed } from 'bullmq/dist/cjs/scripts/moveToDelayed-11.js';
import { moveToFinished } from 'bullmq/dist/cjs/scripts/moveToFinished-14.js';
import { pause } from 'bullmq/dist/cjs/scripts/pause-7.js';
import { removeJob } from 'bullmq/dist/cjs/scripts/removeJob-2.js';
import { reprocessJob } from 'bullmq/dist/cjs/scripts/reprocessJob-9.js';
import { retryJob } from 'bullmq/dist/cjs/scripts/retryJob-11.js';
import { presentLua } from './present-lua.ts';
import { renewLua } from './renew-lua.ts';

export type ScriptName =
  | 'add'
  | 'addDelayedJob'
  | 'discard'
  | 'getCounts'
  | 'lockedWith'
  | 'moveJobFromActiveToWait'
  | 'moveStalledJobsToWait'
  | 'moveToActiveLimited'
  | 'moveToDelayed'
  | 'moveToFinished'
  | 'pause'
  | 'present'
  | 'renew'
  | 'reprocessJob'
  | 'retryJob'
  | 'turn'
  | 'withdraw';

/** A script that Redis runs as one. */
export interface Script {
  numberOfKeys: number;
  lua: string;
}

const withoutEvents = `local rcall = function(command, ...)
  if command ~= 'XADD' and command ~= 'XTRIM' then return redis.call(command, ...) end
end`;

/**
 * When its memory is full Redis refuses a script at its first command that may need memory, but goes on with one that has begun to
 * write. Without this, nothing could be taken from a queue that has filled the memory, and locks would run out.
 */
const evenIfFull = "redis.call('PERSIST', KEYS[1])";

/**
 * Takes up to `most` jobs, and counts those that are left. BullMQ wakes somebody with each that is taken, as there may be more: here
 * it is known. Who has taken the last one is told when the next delayed one is due: it may be the only one that knew.
 */
const takeMost = `for n = 1, most do
      last = take(KEYS, {prefix, time, ARGV[3]})
      if type(last[1]) ~= 'table' then break end
      found[n] = {last[1], last[2]}
    end
    if #found == most then last = {0, 0, 0, 0} end
    if #found > 0 then
      left = redis.call('LLEN', KEYS[1]) + redis.call('ZCARD', KEYS[3])
      if left == 0 then
        redis.call('ZREM', KEYS[11], '0')
        last[4] = (redis.call('ZRANGE', KEYS[7], 0, 0, 'WITHSCORES')[2] or 0) / 0x1000
      end
    end`;

/**
 * BullMQ's own scripts, so that its tools understand what is in the queues. Some do a little more, around BullMQ's text:
 *
 * - `add` adds many (from ARGV[6] on), and then takes up to ARGV[4] of those that come first; only ARGV[5] while more than one process
 *   takes jobs of this queue, which KEYS[14] lists.
 * - `turn` ends completed jobs (from ARGV[5] on: id and options of each, and how many to take in its place), and then takes up to
 *   ARGV[4] others. It answers what became of each, the jobs, how long a rate keeps everyone waiting, when the next delayed one is due, and how many wait.
 * - `moveToActiveLimited` takes one and keeps a rate that holds wherever its span begins; BullMQ's counts in fixed spans, of
 *   which two let twice as many begin within one. KEYS[12] lists when tasks began; ARGV[4] of them may within ARGV[5] ms.
 * - `moveJobFromActiveToWait` wakes whoever waits: BullMQ's leaves a prioritized task to the next poll.
 * - `moveToFinished` locks the job that it takes with ARGV[10]; BullMQ's locks it with what the one that ends was locked with.
 * - `reprocessJob` takes the deduplication key of the task again. ARGV[7] is the prefix of those.
 * - `lockedWith` answers which jobs of KEYS[1] are locked with one of the tokens from ARGV[2] on: id and token of each, those taken last first.
 * - `discard` removes the job KEYS[2] with the id ARGV[1], if it is among the failed ones, KEYS[1]: those have let go of everything else.
 * - `withdraw` removes the job that has a deduplication key, KEYS[6], if it waits. ARGV[1] is the prefix of the jobs. BullMQ's
 *   removes one that failed, too, and one that runs, as soon as its lock has run out.
 */
export const scripts: Record<ScriptName, Script> = {
  add: {
    numberOfKeys: 14,
    lua: `${asFunction('add', addPrioritizedJob)}
    ${asFunction('take', moveToActive)}
    local keys = {KEYS[11], KEYS[9], KEYS[12], KEYS[3], KEYS[7], KEYS[13], KEYS[2], KEYS[4], KEYS[10]}
    local prefix, time = ARGV[1], ARGV[2]
    local added, found, last, left = {}, {}, {0, 0, 0, 0}, 0
    local most = tonumber(ARGV[4])
    for n = 6, #ARGV, 3 do added[#added + 1] = add(keys, {ARGV[n], ARGV[n + 1], ARGV[n + 2]}) end
    if most > 0 and redis.call('ZCARD', KEYS[14]) > 1 then most = tonumber(ARGV[5]) end
    ${takeMost}
    return {added, found, last[3], last[4], left}`,
  },
  addDelayedJob: adding(addDelayedJob),
  discard: {
    numberOfKeys: 2,
    lua: `${evenIfFull}
    if redis.call('ZREM', KEYS[1], ARGV[1]) == 0 then return 0 end
    for _, part in ipairs({'', ':logs', ':dependencies', ':processed', ':failed', ':unsuccessful'}) do
      redis.call('DEL', KEYS[2] .. part)
    end
    return 1`,
  },
  getCounts: adding(getCounts),
  lockedWith: {
    numberOfKeys: 1,
    lua: `local found, tokens = {}, {}
    for n = 2, #ARGV do tokens[ARGV[n]] = true end
    for _, id in ipairs(redis.call('LRANGE', KEYS[1], 0, -1)) do
      local token = redis.call('GET', ARGV[1] .. id .. ':lock')
      if token and tokens[token] then found[#found + 1] = {id, token} end
    end
    return found`,
  },
  moveJobFromActiveToWait: around(
    moveJobFromActiveToWait,
    `local result = bullmq()
    if type(result) == 'number' and result >= 0 then redis.call('ZADD', KEYS[8], 0, '0') end
    return result`,
  ),
  moveStalledJobsToWait: plain(moveStalledJobsToWait),
  moveToActiveLimited: around(
    { ...moveToActive, keys: moveToActive.keys + 1 },
    `local begun, limit, span = KEYS[12], tonumber(ARGV[4]), tonumber(ARGV[5])
    local time = redis.call('TIME')
    local now = time[1] * 1000 + math.floor(time[2] / 1000)
    local decisive = tonumber(redis.call('LINDEX', begun, -limit) or 0)
    if decisive + span > now then return {0, 0, decisive + span - now, 0} end
    local result = bullmq()
    if type(result[1]) == 'table' then
      redis.call('RPUSH', begun, now)
      redis.call('LTRIM', begun, -math.max(limit, 1000), -1)
      redis.call('PEXPIRE', begun, math.max(span, 3600000))
    end
    return result`,
  ),
  moveToDelayed: plain(moveToDelayed),
  moveToFinished: around(
    moveToFinished,
    `local result = bullmq()
    if type(result) == 'table' and type(result[1]) == 'table' then
      redis.call('SET', ARGV[7] .. result[2] .. ':lock', ARGV[10], 'KEEPTTL')
    end
    return result`,
  ),
  pause: plain(pause),
  present: { numberOfKeys: 1, lua: presentLua },
  renew: { numberOfKeys: 2, lua: `${evenIfFull}\n${renewLua}` },
  reprocessJob: around(
    reprocessJob,
    `local result = bullmq()
    if result == 1 then
      local key = redis.call('HGET', KEYS[1], 'deid')
      if key then redis.call('SET', ARGV[7] .. key, ARGV[1], 'NX') end
    end
    return result`,
  ),
  retryJob: plain(retryJob),
  turn: {
    numberOfKeys: 13,
    lua: `${evenIfFull}
    ${asFunction('finish', moveToFinished)}
    ${asFunction('take', moveToActive)}
    local prefix, time = ARGV[1], ARGV[2]
    local function keys(...)
      local all = {unpack(KEYS, 1, 10)}
      for n, key in ipairs({...}) do all[10 + n] = key end
      return all
    end
    local told, found, last, left = {}, {}, {0, 0, 0, 0}, 0
    local most = tonumber(ARGV[4])
    for n = 5, #ARGV, 3 do
      local id = ARGV[n]
      local code = finish(keys(KEYS[12], prefix .. id, KEYS[13], KEYS[11]),
        {id, time, 'returnvalue', 'null', 'completed', '0', prefix, ARGV[n + 1], ''})
      told[#told + 1] = code
      if code >= 0 then most = most + ARGV[n + 2] end
    end
    ${takeMost}
    return {told, found, last[3], last[4], left}`,
  },
  withdraw: {
    numberOfKeys: 6,
    lua: `${evenIfFull}
    ${asFunction('remove', removeJob)}
    local id = redis.call('GET', KEYS[6])
    if not id then return 0 end
    local waits = redis.call('ZSCORE', KEYS[1], id) or redis.call('ZSCORE', KEYS[2], id)
      or redis.call('LPOS', KEYS[3], id) or redis.call('LPOS', KEYS[4], id)
    if not waits then return 0 end
    return remove({ARGV[1] .. id, KEYS[5]}, {id, '0', ARGV[1]})`,
  },
};

interface BullmqScript {
  content: string;
  keys: number;
}

/** Refused when the memory is full, or reads only. */
function adding({ content, keys }: BullmqScript): Script {
  return { numberOfKeys: keys, lua: lean(content) };
}

/** BullMQ's script as a function of its keys and arguments. */
function asFunction(name: string, { content }: BullmqScript): string {
  return `local function ${name}(KEYS, ARGV)\n${lean(content)}\nend`;
}

function plain({ content, keys }: BullmqScript): Script {
  return { numberOfKeys: keys, lua: `${evenIfFull}\n${lean(content)}` };
}

function around({ content, keys }: BullmqScript, lua: string): Script {
  const body = `local function bullmq()\n${lean(content)}\nend\n${lua}`;
  return { numberOfKeys: keys, lua: `${evenIfFull}\n${body}` };
}

/**
 * BullMQ's script without its comments, which are half of what would be kept here and sent over every connection, and without
 * the stream of events that it writes for each job, which nobody reads here.
 */
function lean(lua: string): string {
  const text = lua.replace(/--\[\[.*?\]\]/gs, '').replace(/^\s*--.*\n/gm, '');
  return text.replaceAll('local rcall = redis.call', withoutEvents);
}
