-- wrk … -s service.wrk.lua URL -- WORK FILE: one kind of request, each of another user. FILE has a line for each user: his
-- token, and the first and last id of his items.
local users, work = {}, nil

function init(arguments)
  work = arguments[1]
  for line in io.lines(arguments[2]) do
    local token, first, last = line:match("(%S+) (%d+) (%d+)")
    table.insert(users, {token = token, first = tonumber(first), last = tonumber(last)})
  end
  math.randomseed(os.time() + tonumber(tostring({}):match("0x(%x+)"), 16) % 1000000)
end

function request()
  local user = users[math.random(#users)]
  local headers = {Authorization = "Bearer " .. user.token}
  local item = "/api/items/" .. math.random(user.first, user.last)
  if work == "item" then return wrk.format("GET", item, headers) end
  if work == "list" then return wrk.format("GET", "/api/items?limit=20", headers) end
  headers["Content-Type"] = "application/json"
  if work == "create" then return wrk.format("POST", "/api/items", headers, '{"title": "New", "notes": "Slowly"}') end
  headers["If-Match"] = "*"
  return wrk.format("PATCH", item, headers, '{"notes": "Slowly; clean before fast"}')
end

-- For bench/service.py: requests, seconds, those that were not answered as they should be, and two percentiles in ms.
function done(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  print(string.format("result %d %.6f %d %.6f %.6f", summary.requests, summary.duration / 1e6, failed,
                      latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
