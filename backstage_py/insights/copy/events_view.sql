WITH sessions AS (
  SELECT code, any_value(text) AS text FROM all_sessions GROUP BY code
),
details AS (
  SELECT code, any_value(text) AS text FROM all_details GROUP BY code
)
SELECT
  e.id::VARCHAR AS id,
  make_timestamptz(e.moment) AS time,
  action.text AS action,
  subject.text AS subject,
  e.value,
  plugin.text AS plugin_id,
  extension.text AS extension,
  route.text AS route_ref,
  person.text AS user_ref,
  session.text AS session_id,
  origin.text AS origin,
  version.text AS app_version,
  page.text AS path,
  term.text AS term,
  target.text AS link_to,
  entity.text AS entity_ref,
  attributes.text AS attributes,
  context.text AS context,
  e.is_sample,
  e.is_robot
FROM all_events AS e
LEFT JOIN words AS action ON action.code = e.action
LEFT JOIN words AS subject ON subject.code = e.subject
LEFT JOIN words AS plugin ON plugin.code = e.plugin_id
LEFT JOIN words AS extension ON extension.code = e.extension
LEFT JOIN words AS route ON route.code = e.route_ref
LEFT JOIN words AS person ON person.code = e.user_ref
LEFT JOIN words AS origin ON origin.code = e.origin
LEFT JOIN words AS version ON version.code = e.app_version
LEFT JOIN words AS page ON page.code = e.path
LEFT JOIN words AS term ON term.code = e.term
LEFT JOIN words AS target ON target.code = e.link_to
LEFT JOIN words AS entity ON entity.code = e.entity_ref
LEFT JOIN sessions AS session ON session.code = e.session_id
LEFT JOIN details AS attributes ON attributes.code = e.attributes
LEFT JOIN details AS context ON context.code = e.context
