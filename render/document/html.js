(function () {
'use strict';
var each = function (list, act) { Array.prototype.forEach.call(list, act); };
var form = document.getElementById('filters'), said = document.getElementById('said');
var units = document.querySelectorAll('.incident, tbody.rows > tr, .card');

function value(name) { var e = form.elements.namedItem(name); return e ? e.value : ''; }

function fits(e, q) {
	var d = e.dataset, i = value('incident'), s = value('severity'), h = value('host');
	if (i && d.incident && d.incident !== i) return false;
	if (s && d.severity && d.severity !== s) return false;
	if (h && d.hosts !== undefined && (' ' + d.hosts + ' ').indexOf(' ' + h + ' ') < 0) return false;
	return !q || e.textContent.toLowerCase().indexOf(q) >= 0;
}

function filter() {
	var q = value('find').trim().toLowerCase(), n = 0, all = 0;
	each(units, function (e) { e.hidden = !fits(e, q); });
	each(document.querySelectorAll('tbody.rows > tr, .card'), function (e) {
		all++;
		if (!e.closest('[hidden]')) n++;
	});
	said.textContent = said.dataset.said.replace('#', n).replace('#', all);
}

/* A row that a link leads to is shown whatever the filters say. */
function arrive() {
	var at = document.getElementById(decodeURIComponent(location.hash.slice(1)));
	if (at && at.closest('[hidden]')) { form.reset(); filter(); at.scrollIntoView(); }
}

var months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/* A cell as something to compare: a time, a number, else its words. */
function key(cell) {
	var t = cell.textContent.trim(), m, n;
	if (cell.dataset.sort) return Number(cell.dataset.sort);
	m = /(\d{1,2}) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*(?: (\d{4}))?(?: (\d\d):(\d\d)(?::(\d\d))?)?/.exec(t);
	if (m) return Date.UTC(m[3] || 2000, months.indexOf(m[2]), m[1], m[4] || 0, m[5] || 0, m[6] || 0);
	m = /(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日[^\d]*(?:(\d\d):(\d\d)(?::(\d\d))?)?/.exec(t);
	if (m) return Date.UTC(m[1] || 2000, m[2] - 1, m[3], m[4] || 0, m[5] || 0, m[6] || 0);
	m = /^(?:E(?=\d)|[+#])?(−|-)?(\d[\d,]*(?:\.\d+)?)(万(\d+)?)?(?=[^\d.\[]|$)/.exec(t);
	if (m) { n = Number(m[2].replace(/,/g, '')); if (m[3]) n = n * 10000 + Number(m[4] || 0); return m[1] ? -n : n; }
	return t.toLowerCase();
}

function compare(a, b) {
	if (typeof a === typeof b) return typeof a === 'number' ? a - b : a < b ? -1 : a > b ? 1 : 0;
	return typeof a === 'number' ? -1 : 1;
}

function sort(th) {
	var table = th.closest('table'), body = table.tBodies[0], down = th.getAttribute('aria-sort') === 'ascending';
	var rows = Array.prototype.map.call(body.rows, function (r, i) { return { r: r, k: key(r.cells[th.cellIndex]), i: i }; });
	rows.sort(function (a, b) { var c = compare(a.k, b.k); return (down ? -c : c) || a.i - b.i; });
	each(table.tHead.rows[0].cells, function (c) { c.removeAttribute('aria-sort'); });
	th.setAttribute('aria-sort', down ? 'descending' : 'ascending');
	rows.forEach(function (x) { body.appendChild(x.r); });
}

each(document.querySelectorAll('table.sort'), function (table) {
	if (table.tBodies[0].rows.length < 2) return;
	each(table.tHead.rows[0].cells, function (th) {
		var label = th.querySelector('span'), button = document.createElement('button');
		if (!label || !label.textContent.trim()) return;
		button.type = 'button';
		th.replaceChild(button, label);
		button.appendChild(label);
		button.addEventListener('click', function () { sort(th); });
	});
});

form.hidden = units.length === 0;
form.addEventListener('input', filter);
form.addEventListener('reset', function () { setTimeout(filter, 0); });
form.addEventListener('submit', function (e) { e.preventDefault(); });
addEventListener('hashchange', arrive);
document.addEventListener('keydown', function (e) {
	if (e.key === 'Escape') { form.reset(); }
	else if (e.key === '/' && !/^(INPUT|SELECT|TEXTAREA)$/.test(e.target.tagName) && !e.ctrlKey && !e.altKey && !e.metaKey) {
		e.preventDefault();
		form.elements.namedItem('find').focus();
	}
});
filter();
})();
