// Texts that do something to a terminal that obeys them: what a model, a file name, a title or a
// paste might hold. Every family of sequences that terminals know, with parameters that matter, in
// the forms of seven and eight bits, whole and broken off.
#pragma once

#include <string>
#include <vector>

namespace hearth {

inline std::vector<std::string> escape_corpus() {
    std::vector<std::string> corpus;
    // Control strings: title, clipboard, links, files, settings, sixel, requests for capabilities.
    const std::vector<std::string> contents{"0;owned",
                                            "2;owned",
                                            "8;;http://evil/",
                                            "52;c;b3duZWQ=",
                                            "52;c;?",
                                            "4;0;rgb:0/0/0",
                                            "10;?",
                                            "11;#000000",
                                            "1337;File=:AAAA",
                                            "1337;CopyToClipboard=",
                                            "777;notify;a;b",
                                            "9;done",
                                            "50;fixed",
                                            "104",
                                            "112",
                                            "633;A",
                                            "+q544e",
                                            "$qm",
                                            "q#0;2;0;0;0~",
                                            "Gf=24;AAAA",
                                            "\xE2\x80\xAEowned",
                                            ""};
    const std::vector<std::string> openers{"\x1b]", "\x1bP",    "\x1b_",    "\x1b^",
                                           "\x1bX", "\xC2\x9D", "\xC2\x90", "\xC2\x9F"};
    const std::vector<std::string> closers{"\x07", "\x1b\\"};
    for (const std::string& opener : openers) {
        for (const std::string& content : contents) {
            for (const std::string& closer : closers) corpus.push_back(opener + content + closer);
        }
    }
    // CSI: modes, movements, erasing, reports, colours, scrolling, windows.
    const std::vector<std::string> csi{
        "2J",     "3J",     "H",      "1;1H",        "999A",    "999B",   "999C",   "999D",
        "6n",     "5n",     "c",      ">c",          "=c",      "?6n",    "x",      "0m",
        "7m",     "8m",     "31m",    "38;2;0;0;0m", "48;5;1m", "?25l",   "?25h",   "?1049h",
        "?1049l", "?47h",   "?1047h", "?1000h",      "?1002h",  "?1003h", "?1006h", "?2004h",
        "?2004l", "?2026h", "?5h",    "?7l",         "?1h",     "?66h",   "20h",    "4h",
        "2;5r",   "r",      "s",      "u",           ">1u",     ">4;2m",  "<u",     "5i",
        "4i",     "?5i",    "8;1;1t", "21t",         "11t",     "22;0t",  "!p",     "61\"p",
        "1 q",    "0\"q",   "3g",     "10L",         "10M",     "10P",    "10X",    "10@",
        "10S",    "10T",    "10b",    "201~",        "200~",    "M !!",   "<0;1;1M"};
    for (const std::string& one : csi) {
        for (const std::string& opener : {std::string("\x1b["), std::string("\xC2\x9B")}) {
            corpus.push_back(opener + one);
            corpus.push_back("text " + opener + one + " more");
        }
    }
    // Single escapes, controls, and what is never closed.
    for (const char c : std::string("cDEHMNOZ78=>()*+#%6lmno|}~")) {
        corpus.push_back(std::string("\x1b") + c);
        corpus.push_back(std::string("\x1b") + c + "0");
    }
    for (int c = 1; c < 0x20; ++c) {
        if (c != '\n' && c != '\t') corpus.push_back(std::string("a") + static_cast<char>(c) + "b");
    }
    for (int c = 0x7F; c < 0xA0; ++c) {
        corpus.push_back(c == 0x7F ? "a\x7F" : std::string("a\xC2") + static_cast<char>(c) + "b");
        corpus.push_back(std::string("raw ") + static_cast<char>(c) + "31m");  // no UTF-8
    }
    // What reorders, hides or breaks lines.
    for (const char* const mark :
         {"\u061C", "\u200E", "\u200F", "\u2028", "\u2029", "\u202A", "\u202B", "\u202C", "\u202D",
          "\u202E", "\u2066", "\u2067", "\u2068", "\u2069", "\u206A", "\U000E0001", "\U000E0041"}) {
        corpus.push_back(std::string("a") + mark + "b\x1b[0m");
    }
    return corpus;
}

}  // namespace hearth
