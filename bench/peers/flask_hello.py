"""Flask's hello world, for gunicorn."""

from flask import Flask

app = Flask(__name__)


@app.post("/wecom/callback")
def hello() -> str:
    """Say hello and keep nothing."""
    return "Hello, World!"
