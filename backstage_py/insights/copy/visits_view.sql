SELECT
  session_id,
  arg_max(user_ref, (time, id)) AS user_ref,
  min(time) AS begins_at,
  max(time) AS ends_at,
  (epoch_us(max(time)) - epoch_us(min(time))) / 1000000.0 AS seconds,
  count(*) AS events,
  count(*) FILTER (action = 'navigate') AS page_views,
  arg_min(path, (time, id)) FILTER (action = 'navigate') AS entry_path,
  arg_max(path, (time, id)) FILTER (action = 'navigate') AS exit_path,
  count(*) FILTER (action = 'search') AS searches,
  count(*) FILTER (action = 'create') AS template_runs,
  bool_or(is_sample) AS is_sample,
  bool_or(is_robot) AS is_robot
FROM insights_events
WHERE session_id IS NOT NULL
GROUP BY session_id
