#include "render/canvas/picture.h"

#include <cairo.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- what is given to the decoder ---- */

#define CHUNK 12u                    /* length, name and checksum around its bytes */

static const char signature[8] = "\x89PNG\r\n\x1A\n";

static uint32_t big_endian(const char *s)
{
	const unsigned char *b = (const unsigned char *)s;

	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static bool gives_pixels(const char *name)
{
	static const char *const names[] = { "IHDR", "PLTE", "tRNS", "IDAT", "IEND" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (memcmp(names[i], name, 4) == 0)
			return true;
	return false;
}

static int check_size(const char *header, struct fault *f)
{
	uint32_t w = big_endian(header), h = big_endian(header + 4);

	if (w < PICTURE_LEAST || h < PICTURE_LEAST || w > PICTURE_MOST || h > PICTURE_MOST || w * h > PICTURE_PIXELS)
		return fault_set(f, FAULT_DATA, "it has %u x %u pixels; a side may have %u to %u, all of it 4 million", (unsigned)w,
		                 (unsigned)h, PICTURE_LEAST, PICTURE_MOST);
	return 0;
}

/* The file with only the chunks that give pixels, up to its end: nothing behind that is looked at. */
static int pick_chunks(struct text *out, const char *s, size_t n, struct fault *f)
{
	size_t at = sizeof signature;

	if (n < at || memcmp(s, signature, at) != 0)
		return fault_set(f, FAULT_DATA, "it is no PNG");
	if (n < at + CHUNK + 13 || big_endian(s + at) != 13 || memcmp(s + at + 4, "IHDR", 4) != 0)
		return fault_set(f, FAULT_DATA, "it is a broken PNG: it does not begin with its size");
	if (check_size(s + at + 8, f) < 0)
		return -1;
	text_addn(out, s, at);
	while (n - at >= CHUNK && big_endian(s + at) <= n - at - CHUNK) {
		size_t length = big_endian(s + at) + CHUNK;
		const char *name = s + at + 4;

		if (gives_pixels(name))
			text_addn(out, s + at, length);
		if (memcmp(name, "IEND", 4) == 0)
			return 0;
		at += length;
	}
	return fault_set(f, FAULT_DATA, "it is a broken PNG: its end is missing");
}

/* ---- decoding ---- */

struct source {
	const struct text *bytes;
	size_t at;
};

static cairo_status_t give(void *ctx, unsigned char *to, unsigned n)
{
	struct source *from = ctx;

	if (n > from->bytes->used - from->at)
		return CAIRO_STATUS_READ_ERROR;
	memcpy(to, from->bytes->bytes + from->at, n);
	from->at += n;
	return CAIRO_STATUS_SUCCESS;
}

/* White, with the picture on it. Every format that cairo decodes to becomes one. */
static cairo_surface_t *on_white(cairo_surface_t *picture)
{
	cairo_surface_t *paper = cairo_image_surface_create(CAIRO_FORMAT_RGB24, cairo_image_surface_get_width(picture),
	                                                    cairo_image_surface_get_height(picture));
	cairo_t *cr = cairo_create(paper);

	cairo_set_source_rgb(cr, 1, 1, 1);
	cairo_paint(cr);
	cairo_set_source_surface(cr, picture, 0, 0);
	cairo_paint(cr);
	cairo_destroy(cr);
	cairo_surface_flush(paper);
	return paper;
}

static const struct picture *copy_pixels(cairo_surface_t *paper, struct arena *a)
{
	struct picture *p = arena_alloc(a, sizeof *p);
	const unsigned char *from = cairo_image_surface_get_data(paper);
	size_t stride = (size_t)cairo_image_surface_get_stride(paper);
	unsigned char *to;

	p->width = (unsigned)cairo_image_surface_get_width(paper);
	p->height = (unsigned)cairo_image_surface_get_height(paper);
	p->rgb = to = arena_alloc(a, (size_t)p->width * p->height * 3);
	for (unsigned y = 0; y < p->height; y++)
		for (unsigned x = 0; x < p->width; x++) {
			uint32_t c;

			memcpy(&c, from + y * stride + x * 4, 4);
			*to++ = (unsigned char)(c >> 16);
			*to++ = (unsigned char)(c >> 8);
			*to++ = (unsigned char)c;
		}
	return p;
}

static int decode(const struct picture **out, const struct text *png, struct arena *a, struct fault *f)
{
	struct source from = { png, 0 };
	cairo_surface_t *picture = cairo_image_surface_create_from_png_stream(give, &from), *paper;
	cairo_status_t status = cairo_surface_status(picture);
	int rc = 0;

	if (status != CAIRO_STATUS_SUCCESS) {
		rc = fault_set(f, FAULT_DATA, "it is a broken PNG: its pixels cannot be read");
	} else {
		paper = on_white(picture);
		if (cairo_surface_status(paper) != CAIRO_STATUS_SUCCESS)
			out_of_memory();
		*out = copy_pixels(paper, a);
		cairo_surface_destroy(paper);
	}
	cairo_surface_destroy(picture);
	return rc;
}

int picture_read(const struct picture **out, const char *bytes, size_t n, struct arena *a, struct fault *f)
{
	struct text png = { 0 };
	int rc;

	*out = NULL;
	rc = pick_chunks(&png, bytes, n, f) < 0 || decode(out, &png, a, f) < 0 ? -1 : 0;
	text_free(&png);
	return rc;
}

/* ---- files ---- */

static int read_bytes(struct text *out, int fd, struct fault *f)
{
	char part[16384];
	ssize_t n;

	while ((n = read(fd, part, sizeof part)) > 0 && out->used <= PICTURE_BYTES)
		text_addn(out, part, (size_t)n);
	if (n < 0)
		return fault_set(f, FAULT_IO, "it cannot be read: %s", strerror(errno));
	return out->used <= PICTURE_BYTES ? 0 : fault_set(f, FAULT_DATA, "it is larger than 1 MiB");
}

int picture_load(const struct picture **out, const char *path, struct arena *a, struct fault *f)
{
	struct text bytes = { 0 };
	struct stat st;
	/* A pipe that nobody writes into would be waited for. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), rc;

	if (fd < 0)
		return fault_set(f, FAULT_IO, "it cannot be opened: %s", strerror(errno));
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		rc = fault_set(f, FAULT_DATA, "it is no file");
	else
		rc = read_bytes(&bytes, fd, f) < 0 || picture_read(out, text_str(&bytes), bytes.used, a, f) < 0 ? -1 : 0;
	close(fd);
	text_free(&bytes);
	return rc;
}

static cairo_status_t take(void *ctx, const unsigned char *bytes, unsigned n)
{
	text_addn(ctx, (const char *)bytes, n);
	return CAIRO_STATUS_SUCCESS;
}

void picture_png(struct text *out, const struct picture *p)
{
	cairo_surface_t *s = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)p->width, (int)p->height);
	const unsigned char *from = p->rgb;
	unsigned char *to;
	size_t stride;

	if (cairo_surface_status(s) != CAIRO_STATUS_SUCCESS)
		out_of_memory();
	to = cairo_image_surface_get_data(s);
	stride = (size_t)cairo_image_surface_get_stride(s);
	for (unsigned y = 0; y < p->height; y++)
		for (unsigned x = 0; x < p->width; x++, from += 3) {
			uint32_t c = (uint32_t)from[0] << 16 | (uint32_t)from[1] << 8 | from[2];

			memcpy(to + y * stride + x * 4, &c, 4);
		}
	cairo_surface_mark_dirty(s);
	if (cairo_surface_write_to_png_stream(s, take, out) != CAIRO_STATUS_SUCCESS)
		out_of_memory();
	cairo_surface_destroy(s);
}
