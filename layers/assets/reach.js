/* What the map needs beyond Leaflet: a basemap drawn from the region's own pieces, marks that differ by
   shape and color, popups, and a way to choose a place with the keyboard. Every text that arrives here has been
   escaped by layers/safe.py; canvas text is decoded, never parsed. */
"use strict";

window.Reach = (function () {
  const LIGHT = {
    land: "#f5f3ee", green: "#dbe8d3", water: "#bcd6e3", built: "#e9e5dc",
    casing: "#ddd8cd", street: "#ffffff", major: "#fdf1d3", majorCasing: "#e2cf9f",
    path: "#c9bfae", rail: "#c2bdb4", text: "#5a574f", place: "#34322d", waterText: "#3f7592", greenText: "#56764a",
  };
  const DARK = {
    land: "#1c2226", green: "#20332a", water: "#14323f", built: "#252c31",
    casing: "#1c2226", street: "#38434a", major: "#54564c", majorCasing: "#1c2226",
    path: "#3c4648", rail: "#4a5358", text: "#a9b5ba", place: "#d5dee1", waterText: "#6fa3b8", greenText: "#7fa38a",
  };
  // Width in CSS pixels at zooms 10, 12, 14, 16, 18 for each rank, motorway … footway.
  const WIDTHS = [
    [1.6, 2.6, 4.5, 8, 14], [1.2, 2.2, 4.0, 7.5, 13], [0.9, 1.8, 3.4, 6.5, 12], [0.6, 1.3, 2.8, 6, 11],
    [0.3, 0.7, 2.0, 4.8, 9], [0.2, 0.4, 1.0, 2.8, 6], [0.2, 0.4, 0.8, 1.4, 2.2],
  ];
  const FONT = '"Source Sans", "Source Sans 3", system-ui, sans-serif';

  function width(rank, zoom) {
    const steps = WIDTHS[rank];
    const at = Math.min(Math.max((zoom - 10) / 2, 0), steps.length - 1);
    const low = Math.floor(at);
    const high = Math.min(low + 1, steps.length - 1);
    return steps[low] + (steps[high] - steps[low]) * (at - low);
  }

  function trace(path, flat, unit) {
    let x = flat[0] * unit;
    let y = flat[1] * unit;
    path.moveTo(x, y);
    for (let i = 2; i < flat.length; i += 2) {
      x += flat[i] * unit;
      y += flat[i + 1] * unit;
      path.lineTo(x, y);
    }
  }

  function draw(context, tile, zoom, colors) {
    const unit = 1 / tile.unit;
    context.fillStyle = colors.land;
    context.fillRect(0, 0, tile.size, tile.size);
    for (const kind of ["built", "green", "water"]) {
      const path = new Path2D();
      for (const ring of tile.areas[kind] || []) {
        trace(path, ring, unit);
        path.closePath();
      }
      context.fillStyle = colors[kind];
      context.fill(path, "nonzero");
    }
    context.lineJoin = "round";
    context.lineCap = "round";
    const lines = (flats) => {
      const path = new Path2D();
      for (const flat of flats || []) trace(path, flat, unit);
      return path;
    };
    context.strokeStyle = colors.water;
    context.lineWidth = Math.max(1, (zoom - 9) * 0.6);
    context.stroke(lines(tile.lines.stream));
    const streets = WIDTHS.map((_, rank) => lines(tile.lines[rank]));
    for (let rank = 5; rank >= 0; rank--) {
      const wide = width(rank, zoom);
      if (wide < 1.2) continue;
      context.strokeStyle = rank < 2 ? colors.majorCasing : colors.casing;
      context.lineWidth = wide + 1.6;
      context.stroke(streets[rank]);
    }
    context.save();
    context.setLineDash([3, 3]);
    context.strokeStyle = colors.path;
    context.lineWidth = width(6, zoom);
    context.stroke(streets[6]);
    context.restore();
    for (let rank = 5; rank >= 0; rank--) {
      const wide = width(rank, zoom);
      context.strokeStyle = rank < 2 ? colors.major : wide < 1.2 ? colors.casing : colors.street;
      context.lineWidth = Math.max(wide, 0.6);
      context.stroke(streets[rank]);
    }
    context.strokeStyle = colors.rail;
    context.lineWidth = zoom < 13 ? 1 : 1.8;
    const rails = lines(tile.lines.rail);
    context.stroke(rails);
    if (zoom > 13) {
      context.save();
      context.setLineDash([6, 6]);
      context.lineCap = "butt";
      context.strokeStyle = colors.land;
      context.lineWidth = 0.9;
      context.stroke(rails);
      context.restore();
    }
    context.textAlign = "center";
    context.textBaseline = "middle";
    for (const [x, y, angle, kind, size, text] of tile.labels) {
      context.save();
      context.translate(x * unit, y * unit);
      context.rotate(angle);
      const style = kind === "place" ? "600 " : kind === "water" || kind === "green" ? "italic " : "";
      context.font = `${style}${size}px ${FONT}`;
      context.strokeStyle = kind === "water" ? colors.water : kind === "green" ? colors.green : colors.land;
      context.lineWidth = 3;
      context.strokeText(text, 0, 0);
      context.fillStyle = { place: colors.place, water: colors.waterText, green: colors.greenText }[kind] || colors.text;
      context.fillText(text, 0, 0);
      context.restore();
    }
  }

  // Loaded here, not by the stylesheet: names that cross two tiles must be drawn in the same font on both.
  const font = new FontFace("Source Sans", 'url("/assets/font/source-sans.woff2")', { weight: "200 900" });
  document.fonts.add(font);
  const fonts = Promise.allSettled([font.load()]);

  function basemapLayer(options) {
    const Basemap = L.GridLayer.extend({
      createTile(coords, done) {
        const canvas = document.createElement("canvas");
        const ratio = Math.min(window.devicePixelRatio || 1, 2);
        const size = this.getTileSize().x;
        canvas.width = canvas.height = size * ratio;
        canvas.setAttribute("aria-hidden", "true");
        const url = `${options.url}/${coords.z}/${coords.x}/${coords.y}.json`;
        const content = fetch(url).then((answer) => {
          if (!answer.ok) throw new Error(`the basemap answered ${answer.status}`);
          return answer.json();
        });
        Promise.all([content, fonts]).then(([tile]) => {
          const context = canvas.getContext("2d");
          context.scale(ratio, ratio);
          draw(context, { ...tile, size }, coords.z, options.dark ? DARK : LIGHT);
          done(null, canvas);
        }).catch((problem) => done(problem, canvas));
        return canvas;
      },
    });
    return new Basemap({
      tileSize: 512, minZoom: options.minZoom, maxZoom: options.maxZoom, keepBuffer: 3, updateWhenZooming: false,
      bounds: L.latLngBounds(options.bounds),
    });
  }

  // ---- marks -------------------------------------------------------------------------------------------
  const OUTLINES = {
    circle: (c, x, y, r) => c.arc(x, y, r, 0, 2 * Math.PI),
    square: (c, x, y, r) => c.rect(x - r * 0.88, y - r * 0.88, r * 1.76, r * 1.76),
    diamond: (c, x, y, r) => polygon(c, x, y, [[0, -1.2], [1.2, 0], [0, 1.2], [-1.2, 0]], r),
    house: (c, x, y, r) => polygon(c, x, y, [[0, -1.25], [1.1, -0.3], [0.95, 1], [-0.95, 1], [-1.1, -0.3]], r),
  };

  function polygon(context, x, y, corners, r) {
    corners.forEach(([dx, dy], i) => (i ? context.lineTo(x + dx * r, y + dy * r) : context.moveTo(x + dx * r, y + dy * r)));
    context.closePath();
  }

  function marks() {
    L.Canvas.include({
      _updateMark(layer) {
        if (!this._drawing || layer._empty()) return;
        const { x, y } = layer._point;
        const o = layer.options;
        const zoom = layer._map.getZoom();
        const r = o.origin ? 9 : o.numbered ? (o.chosen ? 14 : 11) : o.faint ? Math.max(2.5, (zoom - 7) * 0.55) : Math.max(3.2, Math.min(10, (zoom - 9) * 1.5));
        const context = this._ctx;
        context.save();
        context.beginPath();
        context.globalAlpha = o.faint ? 0.45 : 1;
        context.setLineDash([]);  // a journey's dashes end where it does
        OUTLINES[o.shape](context, x, y, r);
        context.lineWidth = o.origin ? 5 : o.faint ? 0.6 : 1.4;
        context.strokeStyle = o.origin ? o.fill : o.ink;
        context.fillStyle = o.origin ? "#ffffff" : o.fill;
        if (o.origin || o.numbered) { context.shadowColor = "rgb(0 0 0 / 45%)"; context.shadowBlur = 5; }
        context.fill();
        context.stroke();
        if (!o.origin && !o.faint && r >= 7) {
          context.fillStyle = o.ink;
          context.font = `700 ${Math.round(r * (o.mark.length > 1 ? 0.95 : 1.2))}px ${FONT}`;
          context.textAlign = "center";
          context.textBaseline = "middle";
          context.fillText(o.mark, x, y + 0.5);
        }
        context.restore();
      },
    });
    return L.CircleMarker.extend({ _updatePath() { this._renderer._updateMark(this); } });
  }

  /* Turn the references of layers/safe.py back into characters, for attributes and text nodes. */
  function decoded(text) {
    return text.replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
  }

  let map = null;
  let settings = null;
  let words = {};
  let credit = "";
  let Mark = null;

  /* A GeoJson point becomes a mark: shape and color of its dimension, sign of its category. */
  function place(feature, latlng) {
    const p = feature.properties;
    const symbol = settings.symbols[p.dimension];
    return new Mark(latlng, {
      radius: p.faint ? 5 : 11, shape: symbol.shape, fill: settings.dark ? symbol.dark : symbol.light,
      ink: settings.dark ? symbol.dark_ink : symbol.light_ink, mark: settings.marks[decoded(p.category)] || "", faint: p.faint,
      // What is out of reach, or not asked about yet, lets a click through to the map: it chooses a home.
      interactive: !p.faint && Boolean(p.reach), bubblingMouseEvents: false,
    });
  }

  /* One of the homes that are compared, with its number in the table; the one looked at is larger and dark. */
  function home(feature, latlng) {
    const p = feature.properties;
    const fills = settings.dark ? { chosen: "#f0b429", other: "#8fd0d6" } : { chosen: "#b3261e", other: "#155e66" };
    return new Mark(latlng, {
      radius: p.chosen ? 16 : 13, shape: "circle", fill: p.chosen ? fills.chosen : fills.other,
      ink: settings.dark ? "#10181b" : "#ffffff", mark: String(p.number), numbered: true, chosen: p.chosen,
      interactive: true, bubblingMouseEvents: false,
    });
  }

  /* A popup says what a place is and how far; a home may be looked at from there. */
  function describe(feature, layer) {
    if (!layer.options.interactive) return;
    const p = feature.properties;
    layer.bindPopup(() => {
      const box = document.createElement("div");
      box.innerHTML = `<strong>${p.name}</strong><span>${p.kind}</span><span>${p.reach}</span><span>${p.address}</span>`;
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = words.from_here;
      button.addEventListener("click", () => {
        map.closePopup();  // the layer may have left the map while its popup still fades
        map.fire("click", { latlng: layer.getLatLng() });
      });
      box.append(button);
      return box;
    }, { maxWidth: 260 });
  }

  function origin(feature, latlng) {
    return new Mark(latlng, { radius: 12, shape: "circle", fill: settings.dark ? "#f0b429" : "#b3261e", origin: true, interactive: false });
  }

  /* Nested areas in one hue: the nearer, the stronger. */
  function area(feature) {
    const p = feature.properties;
    const color = settings.dark ? "#c9b3f2" : "#4a2c7d";
    return { interactive: false, color: color, weight: 1.2, opacity: 0.6, fillColor: color, fillOpacity: p.fill, lineJoin: "round" };
  }

  /* Where somebody fetches people on demand: an outline alone, so that nothing below it is hidden. */
  function zone() {
    return { interactive: false, color: settings.dark ? "#8fd0d8" : "#155e66", weight: 2, opacity: 0.8, dashArray: "6 6", fill: false };
  }

  /* An area to stay away from. */
  function away() {
    const color = settings.dark ? "#ff8a80" : "#8c1d18";
    return { interactive: false, color, weight: 3, opacity: 0.95, fill: true, fillColor: color, fillOpacity: 0.18 };
  }

  function minutes(feature, latlng) {
    const icon = L.divIcon({ className: "reach-minutes", iconSize: [0, 0], html: `<b>${feature.properties.label}</b>` });
    return L.marker(latlng, { icon, interactive: false, keyboard: false });
  }

  /* A journey: dotted on foot, dashed by bicycle, bold in a vehicle; the casing keeps it apart from the streets. */
  const LEGS = { walk: [5, "1 9"], bike: [4.5, "10 9"], drive: [6, null], transit: [6, null] };

  function casing(feature) {
    const color = settings.dark ? "#10181b" : "#ffffff";
    return { interactive: false, color: color, weight: LEGS[feature.properties.mode][0] + 4, opacity: 0.85, fill: false };
  }

  function leg(feature) {
    const [weight, dashArray] = LEGS[feature.properties.mode];
    return { interactive: false, color: settings.dark ? "#f0b429" : "#b3261e", weight, dashArray, lineCap: "round", fill: false };
  }

  function called(feature, latlng) {
    const icon = L.divIcon({ className: "reach-minutes reach-called", iconSize: [0, 0], html: `<b>${feature.properties.label}</b>` });
    return L.marker(latlng, { icon, interactive: false, keyboard: false });
  }

  /* Dots (there are some, none in reach) and hatching (no number), the same as in the legend. */
  const patterns = {};
  function pattern(kind) {
    if (patterns[kind]) return patterns[kind];
    const tile = document.createElement("canvas");
    tile.width = tile.height = 8;
    const context = tile.getContext("2d");
    const colors = settings.surface;
    context.strokeStyle = context.fillStyle = colors.ink;
    if (kind === "dots") {
      context.globalAlpha = colors.opacity;
      context.fillStyle = colors.under;
      context.fillRect(0, 0, 8, 8);
      context.globalAlpha = 0.9;
      context.fillStyle = colors.ink;
      for (const [x, y] of [[2, 2], [6, 6]]) { context.beginPath(); context.arc(x, y, 1.1, 0, 2 * Math.PI); context.fill(); }
    } else {
      context.globalAlpha = 0.75;
      context.lineWidth = 1.3;
      context.beginPath();
      for (const x of [-8, 0, 8]) { context.moveTo(x - 1, 9); context.lineTo(x + 9, -1); }
      context.stroke();
    }
    patterns[kind] = context.createPattern(tile, "repeat");
    return patterns[kind];
  }

  /* All cells of one shade: a step of the scale, or a pattern. */
  function filled(feature, colors) {
    const step = feature.properties.shade;
    const last = colors.steps.length;
    const fill = step < last ? colors.steps[step] : pattern(step === last ? "dots" : "hatch");
    return {
      interactive: false, color: colors.ink, weight: 0.35, opacity: 0.22, fillColor: fill,
      fillOpacity: step < last ? colors.opacity : 1, fillRule: "nonzero", lineJoin: "round",
    };
  }

  function cell(feature) {
    return filled(feature, settings.surface);
  }

  function change(feature) {
    return filled(feature, settings.change);
  }

  function chosen() {
    return { interactive: false, color: settings.dark ? "#f0b429" : "#b3261e", weight: 3, opacity: 1, fill: false };
  }

  /* Tell the page of a click at once: streamlit-folium waits a quarter of a second for more of them. It compares what it
     would tell with what was told last, so it says nothing twice; where it keeps that no more, its own word comes later. */
  function tell(event) {
    const kept = window.__GLOBAL_DATA__;
    if (!window.Streamlit || !kept || !(kept.returned_objects || []).includes("last_clicked")) return;
    const told = { last_clicked: event.latlng };
    if (JSON.stringify(kept.previous_data) === JSON.stringify(told)) return;
    kept.previous_data = told;
    window.Streamlit.setComponentValue(told);
  }

  /* Everything the map does once: called by layers/map.py through folium. */
  function start(onto, given) {
    map = onto;
    settings = given;
    Mark = marks();
    const box = map.getContainer();
    box.classList.toggle("reach-dark", given.dark);
    box.style.background = (given.dark ? DARK : LIGHT).land;
    box.setAttribute("role", "region");
    map.attributionControl.setPrefix(false);
    L.control.zoom().addTo(map);
    L.control.scale({ position: "bottomleft", maxWidth: 120 }).addTo(map);
    basemapLayer({ ...given.basemap, dark: given.dark }).addTo(map);
    map.on("click", tell);
    const cross = L.DomUtil.create("div", "reach-cross", box);
    cross.setAttribute("aria-hidden", "true");
    box.addEventListener("pointerdown", () => cross.classList.remove("reach-shown"));
    box.addEventListener("keydown", (event) => {
      if (event.key.startsWith("Arrow")) cross.classList.add("reach-shown");
      if (event.key === "Enter" && event.target === box) map.fire("click", { latlng: map.getCenter() });
    });
  }

  /* The map's own words, given anew when the reader changes the language; the map stays where it is. */
  function speak(group, given) {
    words = Object.fromEntries(Object.entries(given).map(([name, text]) => [name, decoded(text)]));
    map.attributionControl.removeAttribution(credit);
    credit = given.attribution;
    map.attributionControl.addAttribution(credit);
    const box = map.getContainer();
    box.setAttribute("aria-label", words.map);
    document.documentElement.lang = words.language;
    document.title = words.map;
    for (const way of ["in", "out"]) {
      const button = box.querySelector(`.leaflet-control-zoom-${way}`);
      button.title = words[`zoom_${way}`];
      button.setAttribute("aria-label", button.title);
    }
  }

  return { start, speak, place, home, describe, origin, area, zone, away, minutes, casing, leg, called, cell, change, chosen };
})();
