/**
 * Notes that a process takes jobs of a queue, and forgets those that have not said so for a while.
 *
 * KEYS: who takes jobs, with the time until which that counts; ARGV: who, and for how long, in ms. 0 takes it from the list.
 */
export const presentLua = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if ARGV[2] == '0' then return redis.call('ZREM', KEYS[1], ARGV[1]) end
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
-- Others may be there for longer.
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[2]) then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end`;
