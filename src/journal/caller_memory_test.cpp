// What is remembered of callers, and what agents wrote down: sealed, found again, forgotten.
#include "journal/sqlite_journal_fixture.h"
#include "journal/store.h"

namespace lanze::journal {
namespace {

class CallerMemoryTest : public SqliteJournalTest {
protected:
    // Calls of a day: each comes in and ends before the next.
    void write_day(Day day, const std::vector<ports::Note>& notes) {
        auto journal = open(day);
        ASSERT_TRUE(journal) << problem;
        for (const ports::Note& note : notes) {
            ports::Batch batch;
            batch.sequence = ++sequence;
            batch.decisions = {{at(day, 1), core::AdvanceTime{}, {}, {}}};
            batch.notes = {note};
            journal->append(std::move(batch));
        }
    }
    std::vector<std::uint64_t> earlier_of(std::uint64_t contact, std::size_t limit = 10) {
        std::vector<std::uint64_t> result;
        for (const ContactId id : open_reader()->earlier_of_caller(ContactId{contact}, limit)) {
            result.push_back(id.value());
        }
        return result;
    }

    std::uint64_t sequence = 0;
};

using Ids = std::vector<std::uint64_t>;

TEST_F(CallerMemoryTest, ACallerIsKnownAgainOverDaysHoweverHisNumberIsWritten) {
    write_day(kDay, {{"caller/1", "+4954112345"}, {"caller/2", "Ada <+49 541 12345>"}});
    write_day(kDay + 1, {{"caller/3", "+4917055501"}, {"caller/4", "0049 541 12345"}});
    EXPECT_EQ(earlier_of(4), (Ids{2, 1}));
    EXPECT_EQ(earlier_of(4, 1), (Ids{2}));
    EXPECT_EQ(earlier_of(2), (Ids{1}));
    EXPECT_EQ(earlier_of(3), Ids{});
    EXPECT_EQ(earlier_of(99), Ids{}) << "no such contact";
}

TEST_F(CallerMemoryTest, WhoWithholdsHisNumberIsNobody) {
    write_day(kDay, {{"caller/1", "anonymous"}, {"caller/2", "Anonymous <anonymous>"}});
    EXPECT_EQ(earlier_of(2), Ids{});
}

TEST_F(CallerMemoryTest, ARemarkIsSealedAndTheLastOneCounts) {
    write_day(kDay, {{"remark/7", "asked for a new card"},
                     {"remark/7", "asked for a new card; sent"},
                     {"remark/8", "nothing"},
                     {"remark/8", ""}});
    EXPECT_EQ(open_reader()->remark(ContactId{7}), "asked for a new card; sent");
    EXPECT_EQ(open_reader()->remark(ContactId{8}), "");
    EXPECT_EQ(whole_file().find("new card"), std::string::npos);
    EXPECT_TRUE(open(kDay)->notes().empty()) << "the edge needs none of them";
}

TEST_F(CallerMemoryTest, TheTwoMarksOfACallerOnTwoDaysAreNotAlike) {
    const Key one{1};
    const Key other{2};
    EXPECT_NE(caller_mark(one, "+49541"), caller_mark(other, "+49541"));
    EXPECT_NE(caller_mark(one, "+49541"), caller_mark(one, "+49542"));
    EXPECT_EQ(caller_mark(one, "+49541"), caller_mark(one, "+49541"));
}

TEST_F(CallerMemoryTest, CallersAreForgottenAfterSoManyDaysWhileRemarksStay) {
    options.remember_days = 2;
    write_day(kDay, {{"caller/1", "+4954112345"}, {"remark/1", "said hello"}});
    write_day(kDay + 2, {{"caller/2", "+4954112345"}});
    EXPECT_EQ(earlier_of(2), (Ids{1}));
    write_day(kDay + 3, {{"caller/3", "+4954112345"}});
    EXPECT_EQ(earlier_of(3), (Ids{2}));
    EXPECT_EQ(open_reader()->remark(ContactId{1}), "said hello");
}

TEST_F(CallerMemoryTest, NobodyIsRememberedIfThatIsConfiguredAndWhatWasIsForgotten) {
    write_day(kDay, {{"caller/1", "+4954112345"}});
    options.remember_days = 0;
    write_day(kDay, {{"caller/2", "+4954112345"}});
    EXPECT_EQ(earlier_of(2), Ids{});
    EXPECT_EQ(open_reader()->caller(ContactId{2}), "+4954112345");
}

TEST_F(CallerMemoryTest, AfterNinetyDaysNothingIsLeftOfARemark) {
    write_day(kDay, {{"caller/1", "+4954112345"}, {"remark/1", "said hello"}});
    write_day(kDay + 91, {{"caller/2", "+4954112345"}});
    EXPECT_EQ(open_reader()->remark(ContactId{1}), "");
    EXPECT_EQ(earlier_of(2), Ids{});
}

TEST_F(CallerMemoryTest, AJournalOfAnOlderBuildHasNothingToTell) {
    write_day(kDay, {{"caller/1", "+4954112345"}, {"caller/2", "+4954112345"}});
    change("DROP TABLE remark; DROP TABLE caller_seen");
    EXPECT_EQ(open_reader()->remark(ContactId{1}), "");
    EXPECT_EQ(earlier_of(2), Ids{});
}

}  // namespace
}  // namespace lanze::journal
