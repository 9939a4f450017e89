/** The scripts that the server runs, each as one atomic step. All keys of a script have one hash tag. */

/**
 * The state of a fleet is one hash, so that an eviction or a restart loses all of it or nothing: `m` the start mark,
 * `n` the number of ends, `i` the run id of the server, `t` the time of the mark, `l` the longest lifetime of an entry
 * so far, `c` the cursor of the removal of old ends, and for each party the number of its last end with the time until
 * which it is needed. `ARGV[1]` is the next mark.
 */
const state = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function text(number) return string.format('%.0f', number) end
local function runOfServer()
  local info = redis.pcall('INFO', 'server')
  return type(info) == 'string' and string.match(info, 'run_id:(%x+)') or ''
end
local function begin(run)
  redis.call('DEL', KEYS[1])
  redis.call('HSET', KEYS[1], 'm', ARGV[1], 'n', '0', 'i', run, 't', text(now), 'l', '60000')
  return ARGV[1], '0'
end
local function current()
  local found = redis.call('HMGET', KEYS[1], 'm', 'n')
  if found[1] and found[2] then return found[1], found[2] end
  return begin(runOfServer())
end
local function read(entry)
  local mark, revision, startedAt, names = string.match(entry, '^1|([^|]*)|(%d+)|(%d+)|([^|]*)|')
  if not mark then return nil end
  local parties = {}
  for name in string.gmatch(names, '[^,]+') do parties[#parties + 1] = name end
  return mark, tonumber(revision), tonumber(startedAt), parties
end
local function hasEnded(parties, revision)
  if #parties == 0 then return false end
  for _, ended in ipairs(redis.call('HMGET', KEYS[1], unpack(parties))) do
    if ended and tonumber(string.match(ended, '^(%d+):')) > revision then return true end
  end
  return false
end
local function get(key)
  local found = redis.pcall('GET', key)
  return type(found) == 'string' and found or nil
end
`

/**
 * Makes a new mark if the run id of the server has changed, because the server may have lost ends. Returns the time of
 * the mark.
 */
const greet = `${state}
local run = runOfServer()
local found = redis.call('HMGET', KEYS[1], 'm', 'n', 'i', 't')
if not (found[1] and found[2]) or (run ~= '' and found[3] ~= run) then
  begin(run)
  return text(now)
end
return found[4]
`

/**
 * `KEYS`: the state, the names of the entry, the names of its lock. `ARGV`: the count of names, the largest age, the lifetime
 * of the lock or 0, the owner of the lock. Returns the entry with its age and the place of its name; or the revision, and
 * whether the lock was taken (1), is another owner's (0) or could not be taken (2).
 */
const claim = `${state}
local count, maxAge, lockFor, owner = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5]
local known, mark, revision = pcall(current)
if not known then return redis.error_reply('ERR no state') end
for place = 1, count do
  local entry = get(KEYS[1 + place])
  if entry then
    local itsMark, itsRevision, startedAt, parties = read(entry)
    if itsMark == mark and now >= startedAt and now - startedAt <= maxAge and not hasEnded(parties, itsRevision) then
      return {1, entry, text(now - startedAt), place - 1}
    end
  end
end
local lock = 2
if lockFor > 0 then
  lock = 1
  for place = 1, count do
    if redis.call('EXISTS', KEYS[1 + count + place]) == 1 then lock = 0 end
  end
  for place = 1, count do
    if lock == 1 then
      local set = redis.pcall('SET', KEYS[1 + count + place], owner, 'PX', lockFor)
      if set.err then lock = 2 end
    end
  end
end
return {0, mark, revision, text(now), lock}
`

/**
 * `KEYS`: the state, the entry, the names of its lock. `ARGV`: the mark, the revision and the start of the request, the
 * entry, its lifetime, the owner of the lock. Does not replace a newer entry, and stores no entry that has ended.
 */
const put = `${state}
local entry, lifetime, owner = ARGV[5], tonumber(ARGV[6]), ARGV[7]
for place = 3, #KEYS do
  if get(KEYS[place]) == owner then redis.call('DEL', KEYS[place]) end
end
local found = redis.call('HMGET', KEYS[1], 'm', 'l')
if found[1] ~= ARGV[2] then return 0 end
local mark, revision, startedAt, parties = read(entry)
if not mark or now - startedAt > 60000 or hasEnded(parties, revision) then return 0 end
local existing = get(KEYS[2])
if existing then
  local itsMark, _, itsStart = read(existing)
  if itsMark == mark and itsStart > startedAt then return 0 end
end
if lifetime > tonumber(found[2]) then redis.call('HSET', KEYS[1], 'l', text(lifetime)) end
redis.call('SET', KEYS[2], entry, 'PX', text(lifetime))
return 1
`

/** `ARGV`: the channel, the news, and the names of the parties. An end is kept as long as an entry from before may exist. */
const end = `${state}
current()
local number = redis.call('HINCRBY', KEYS[1], 'n', 1)
local untilTime = text(now + tonumber(redis.call('HGET', KEYS[1], 'l')) + 61000)
for place = 4, #ARGV do redis.call('HSET', KEYS[1], ARGV[place], number .. ':' .. untilTime) end
local page = redis.call('HSCAN', KEYS[1], redis.call('HGET', KEYS[1], 'c') or '0', 'COUNT', 16 + 4 * #ARGV)
redis.call('HSET', KEYS[1], 'c', page[1])
for at = 1, #page[2], 2 do
  local until_ = string.match(page[2][at + 1], '^%d+:(%d+)$')
  if until_ and tonumber(until_) < now then redis.call('HDEL', KEYS[1], page[2][at]) end
end
redis.call('PUBLISH', ARGV[2], ARGV[3])
return number
`

/** Takes a lock under all its names, or none. `ARGV`: the owner, the lifetime. */
const lock = `
for _, key in ipairs(KEYS) do if redis.call('EXISTS', key) == 1 then return 0 end end
for _, key in ipairs(KEYS) do redis.call('SET', key, ARGV[1], 'PX', ARGV[2]) end
return 1
`

/** `ARGV`: the owner of the lock. */
const release = `
for _, key in ipairs(KEYS) do if redis.call('GET', key) == ARGV[1] then redis.call('DEL', key) end end
return 1
`

const get = `
return redis.call('MGET', unpack(KEYS))
`

/** `ARGV`: the value, its lifetime. */
const set = `
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
`

/**
 * Remembers a proof. `KEYS`: the state, the count of the owner, the names of the proof. `ARGV`: after the mark the lifetime,
 * the largest count, and the time since which the proof can have been accepted, or an empty text. Returns 1 (fresh), 0 (seen), 2 (the owner has
 * its share) or 3 (the proof may have been spent before the store was emptied).
 */
const reserve = `${state}
current()
for place = 3, #KEYS do if redis.call('EXISTS', KEYS[place]) == 1 then return 0 end end
local usableSince = tonumber(ARGV[4])
if usableSince and usableSince <= tonumber(redis.call('HGET', KEYS[1], 't')) then return 3 end
redis.call('SET', KEYS[2], '0', 'PX', ARGV[2], 'NX')
if redis.call('INCR', KEYS[2]) > tonumber(ARGV[3]) then return 2 end
for place = 3, #KEYS do redis.call('SET', KEYS[place], '1', 'PX', ARGV[2]) end
return 1
`

export const scripts = { greet, claim, put, end, get, set, lock, release, reserve } as const

/** The scripts without the state: their first key is one of their own. */
export const stateless: ReadonlySet<keyof typeof scripts> = new Set(["get", "set", "lock", "release"])
