-- wrk: every request is the next of a file of whole requests, all of one length. Usage: … -- FILE LENGTH
local file, length

function init(args)
  file, length = assert(io.open(args[1], "rb")), tonumber(args[2])
end

function request()
  local next_one = file:read(length)
  if next_one == nil or #next_one < length then
    wrk.thread:stop()  -- never the same message twice
    file:seek("set")
    return file:read(length)
  end
  return next_one
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\n{"answers":%d,"seconds":%f,"refused":%d,"broken":%d,"p50_ms":%f,"p99_ms":%f,"max_ms":%f}\n',
    summary.requests, summary.duration / 1e6, errors.status, errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, latency.max / 1e3))
end
