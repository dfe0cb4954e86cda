/**
 * Keeps the locks of tasks for who holds them. One that ran out is taken again as long as nobody else has the task: what took
 * longer than an outage, or blocked the process for a while, need not be done twice.
 *
 * KEYS: stalled, active; ARGV: prefix of the jobs, lock in ms, then id and token of each task.
 * Returns the ids of those that were lost.
 */
export const renewLua = `
local lost = {}
for i = 3, #ARGV, 2 do
  local id, token = ARGV[i], ARGV[i + 1]
  local lock = ARGV[1] .. id .. ':lock'
  local holder = redis.call('GET', lock)
  if holder == token or (not holder and redis.call('LPOS', KEYS[2], id)) then
    redis.call('SET', lock, token, 'PX', ARGV[2])
    redis.call('SREM', KEYS[1], id)
  else
    lost[#lost + 1] = id
  end
end
return lost`;
