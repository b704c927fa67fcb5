"""${{ values.description }}"""

from http.server import BaseHTTPRequestHandler, HTTPServer
{%- if values.topic %}

TOPIC = ${{ values.topic | dump }}
{%- endif %}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/healthz" else 404)
        self.end_headers()


if __name__ == "__main__":
    HTTPServer(("", 8080), Handler).serve_forever()
