"""What a request costs when the app does nothing: the line every figure is read against."""

from flask import Flask, render_template_string

app = Flask(__name__)
PAGE = "<!doctype html><title>{{ title }}</title>{% for row in rows %}<p>Dòng {{ row }} của {{ title }}</p>{% endfor %}"


@app.get("/ok")
@app.get("/healthz", endpoint="healthz")
def ok() -> str:
    return "ok"


@app.get("/page")
def page() -> str:
    return render_template_string(PAGE, title="Dân vận khéo", rows=range(25))
