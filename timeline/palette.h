/* Colours and their roles (Okabe-Ito based; contrast and colour-blind distances are
 * checked by tests/unit/test_palette.c). */
#ifndef TSUMUGI_PALETTE_H
#define TSUMUGI_PALETTE_H

#define INK 0x16202A
#define INK_2 0x46535F
#define MUTE 0x64707C
#define HAIRLINE 0xD6DCE2
#define TINT 0xF3F5F7
#define NAVY 0x0B2545
#define BLUE 0x0072B2
#define WHITE 0xFFFFFF
#define BLACK 0x000000

#define ATTACKER 0xC8450A
#define RESPONSE 0x00795A
#define RESPONSE_TINT 0xE3F2EC
#define RESPONSE_BAR 0x8FC5B5
#define HUMAN 0x0B2545

#define VOLUME 0x33658A
#define EXPECTED 0xE4EBF1
#define BAR 0xC4CED7
#define BAR_DARK 0x9FB3C4

#define CRITICAL_FILL 0x8E1538
#define CRITICAL_TINT 0xFAEEF1
#define HIGH_FILL 0xD55E00
#define MEDIUM_FILL 0xE69F00
#define MEDIUM_LINE 0x8A5F00
#define LOW_FILL 0x7FA7C4
#define LOW_LINE 0x4F7490

#define HEAT_0 0xEEF1F4
#define HEAT_1 0xFBD9C3
#define HEAT_2 0xF2A678
#define HEAT_3 0xDE6B2B
#define HEAT_4 0x9C2F06

#endif
