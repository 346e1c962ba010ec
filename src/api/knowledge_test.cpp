#include "api/knowledge.h"

#include <gtest/gtest.h>

#include "api/fake_centre.h"
#include "base/rng.h"

namespace lanze::api {
namespace {

class KnowledgeTest : public testing::Test {
protected:
    std::int64_t add(const std::string& title, std::vector<std::string> queues,
                     const std::string& body) {
        const auto added = knowledge.add({{title, std::move(queues), body}, "greta", test_time()});
        EXPECT_TRUE(added) << explain(added.error());
        return added ? added->id : 0;
    }
    std::vector<std::string> titles(const std::string& text, const std::string& queue = "") {
        std::vector<std::string> result;
        for (const FoundArticle& one : knowledge.find({text, queue})) {
            result.push_back(one.title);
        }
        return result;
    }

    Knowledge knowledge = std::move(*Knowledge::open(":memory:"));
};

using Titles = std::vector<std::string>;

TEST_F(KnowledgeTest, WordsAreFoundAsTheyAreTyped) {
    add("Karte sperren", {"cards"}, "Eine Karte wird sofort gesperrt.");
    add("Kontostand", {"bank"}, "Der Kontostand steht im Portal.");
    EXPECT_EQ(titles("kar"), (Titles{"Karte sperren"}));
    EXPECT_EQ(titles("K").size(), 2U);
    EXPECT_EQ(titles("karte sofo"), (Titles{"Karte sperren"})) << "each word";
    EXPECT_EQ(titles("sofo karte port"), Titles{});
    EXPECT_EQ(titles("arte"), Titles{}) << "from a word's beginning";
}

TEST_F(KnowledgeTest, AccentsAndCaseMakeNoDifference) {
    add("Überweisung", {}, "Beträge über 1.000 € prüfen");
    for (const char* typed : {"überw", "UBERW", "betrage", "PRÜF", "1.000"}) {
        EXPECT_EQ(titles(typed), (Titles{"Überweisung"})) << typed;
    }
}

TEST_F(KnowledgeTest, ArticlesOfTheQueueGoFirstThenTheBestFit) {
    add("Fees", {"bank"}, "A long text about this and that in which a card stands once.");
    add("Card", {"mobile"}, "card card card");
    add("Lost card", {"cards"}, "What to do about a lost one.");
    EXPECT_EQ(titles("card"), (Titles{"Card", "Lost card", "Fees"}));
    EXPECT_EQ(titles("card", "bank"), (Titles{"Fees", "Card", "Lost card"}));
    EXPECT_EQ(titles("", "cards"), (Titles{"Lost card", "Card", "Fees"})) << "by title";
    EXPECT_TRUE(knowledge.find({"card", "bank"}).at(0).is_of_queue);
    EXPECT_EQ(knowledge.find({"card", "bank"}).at(0).queues, (Titles{"bank"}));
    EXPECT_EQ(knowledge.find({"once", ""}).at(0).excerpt.find("\x02once\x03") == std::string::npos,
              false);
    EXPECT_EQ(knowledge.find({"card", "", 2}).size(), 2U);
}

TEST_F(KnowledgeTest, NothingThatIsTypedIsSyntax) {
    add("Quotes", {}, "near or and not title body");
    for (const std::string typed : {"\"",
                                    "a\"b",
                                    "\"\"\"",
                                    "*",
                                    "near*",
                                    "NEAR(a b)",
                                    "title:quotes",
                                    "a AND",
                                    "OR",
                                    "NOT",
                                    "(",
                                    ")",
                                    "-near",
                                    "^near",
                                    "{title}: x",
                                    "a;DROP TABLE article",
                                    "'",
                                    "\\",
                                    "–",
                                    "…  –",
                                    "\xff\xfe",
                                    "%s%n",
                                    "near OR and"}) {
        (void)knowledge.find({typed, ""});
        EXPECT_EQ(titles("near"), (Titles{"Quotes"})) << typed;
    }
    EXPECT_EQ(fts_query("NEAR(a \"b"), "\"NEAR\"* \"a\"* \"b\"*");
    EXPECT_EQ(fts_query(" \"*-: "), "");
    EXPECT_EQ(titles("title:quotes"), (Titles{"Quotes"})) << "two words, both there";
    EXPECT_EQ(titles("OR NOT"), (Titles{"Quotes"}));
    Rng rng(7);
    for (int round = 0; round < 2'000; ++round) {
        std::string typed(rng.below(40), ' ');
        for (char& c : typed) {
            c = static_cast<char>(rng.below(256));
        }
        (void)knowledge.find({typed, typed});
    }
    EXPECT_EQ(titles("near"), (Titles{"Quotes"}));
}

TEST_F(KnowledgeTest, WhatIsTypedHasLimits) {
    add("Many", {}, "a b c d e f g h");
    EXPECT_EQ(titles("a b c d e f g h nowhere"), (Titles{"Many"})) << "the ninth is not looked for";
    EXPECT_EQ(titles(std::string(10'000, 'x')), Titles{});
}

TEST_F(KnowledgeTest, TwoWhoEditDoNotOverwriteEachOther) {
    const auto id = add("Fees", {"bank"}, "Five.");
    const auto first = knowledge.change(id, 1, {{"Fees", {"bank"}, "Six."}, "greta", test_time()});
    ASSERT_TRUE(first);
    EXPECT_EQ(first->version, 2);
    const auto late = knowledge.change(id, 1, {{"Fees", {}, "Seven."}, "hans", test_time()});
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error(), KnowledgeError::changed_meanwhile);
    EXPECT_EQ(knowledge.read(id)->text.body, "Six.");
    EXPECT_EQ(knowledge.read(id)->text.queues, (Titles{"bank"}));
    EXPECT_EQ(titles("five"), Titles{}) << "the words of before are forgotten";
    EXPECT_EQ(titles("six"), (Titles{"Fees"}));
    EXPECT_EQ(knowledge.remove(id, 1).error(), KnowledgeError::changed_meanwhile);
    EXPECT_TRUE(knowledge.remove(id, 2));
    EXPECT_EQ(titles("six"), Titles{});
    EXPECT_EQ(knowledge.remove(id, 2).error(), KnowledgeError::not_found);
    EXPECT_EQ(knowledge.change(id, 2, {{"x", {}, ""}, "hans", test_time()}).error(),
              KnowledgeError::not_found);
}

TEST_F(KnowledgeTest, WhatIsTooLongIsRefused) {
    struct Case {
        ArticleText text;
        KnowledgeError error;
    };
    const Case cases[] = {
        {{"", {}, "x"}, KnowledgeError::title_wrong},
        {{"  ", {}, "x"}, KnowledgeError::title_wrong},
        {{"a\nb", {}, "x"}, KnowledgeError::title_wrong},
        {{std::string(201, 'x'), {}, "x"}, KnowledgeError::title_wrong},
        {{"x", {}, std::string(Knowledge::kBodyMax + 1, 'x')}, KnowledgeError::body_too_long},
        {{"x", {""}, "x"}, KnowledgeError::queues_wrong},
        {{"x", std::vector<std::string>(21, "q"), "x"}, KnowledgeError::queues_wrong},
    };
    for (const Case& one : cases) {
        const auto added = knowledge.add({one.text, "greta", test_time()});
        ASSERT_FALSE(added);
        EXPECT_EQ(added.error(), one.error) << explain(one.error);
    }
    EXPECT_TRUE(knowledge.is_untouched());
    add("x", {}, std::string(Knowledge::kBodyMax, 'x'));
    EXPECT_FALSE(knowledge.is_untouched());
}

TEST_F(KnowledgeTest, OnceThereWasOneItIsNoMoreUntouched) {
    const auto id = add("x", {}, "");
    EXPECT_TRUE(knowledge.remove(id, 1));
    EXPECT_FALSE(knowledge.is_untouched()) << "what was removed does not come back";
}

}  // namespace
}  // namespace lanze::api
