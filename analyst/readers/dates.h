/* Dates that begin with the day or the month: "03/04/2021 2:05 PM", "22-02-2022 22:00:00.123 +02:00". Which is which
 * only the user can say; the first twelve days of a month read both ways. */
#ifndef TSUMUGI_DATES_H
#define TSUMUGI_DATES_H

#include <stdbool.h>
#include <stddef.h>

enum date_order { DATE_ORDER_UNKNOWN, DATE_ORDER_DAY, DATE_ORDER_MONTH };      /* which comes first */

#define DATE_ROOM 80
/* As ISO 8601 with what followed the clock behind it; false when it is no such date, out is then unchanged. With
 * DATE_ORDER_UNKNOWN it only says whether it is one. */
bool date_ordered(char out[DATE_ROOM], const char *s, size_t n, enum date_order order);
/* By a pattern as Java's SimpleDateFormat has them: yyyy yy MM MMM dd HH hh mm ss SSS a Z XXX z EEE, one letter for one
 * digit or more, words in quotes. False when s is not written so, or the pattern holds letters that are none of these. */
bool date_patterned(char out[DATE_ROOM], const char *s, const char *pattern);
/* "Mar 11 14:05:09": a month, a day and a clock, and no year. */
bool date_lacks_year(const char *s);

#endif
