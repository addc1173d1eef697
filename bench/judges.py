"""Which test files judge a module that was changed."""

from __future__ import annotations

FILLS = (
    "test_odd_plans fills/test_auctions fills/test_exits fills/test_costs "
    "fills/test_room fills/test_refusals fills/test_kernel fills/test_corners"
)
STUDY = (
    "study/test_event_study study/test_tests_by_loops study/test_placebos "
    "study/test_mistakes study/test_summary"
)
MEANS = (
    "significance/test_parametric significance/test_warnings significance/test_joint"
)
CLUSTERED = "significance/test_clustered significance/test_close_events"
CONTRASTS = "significance/test_contrasts significance/test_contrast_models"

TESTS = {
    "abnormal": "models/test_models published/test_models_by_hand study/test_blocks "
    f"{MEANS} intraday/test_time_of_day {STUDY}",
    "calendar": "test_calendar events/test_records events/test_mistakes "
    "events/test_csv events/test_pairs events/test_workspace events/test_catalogue",
    "windows": f"significance/test_several_sessions {STUDY}",
    "performance": "test_performance test_luck test_ladder",
    "luck": "test_luck",
    "portfolio": "test_portfolio test_vectorbt test_odd_plans",
    "claims": "claims/test_verdicts claims/test_measures claims/test_rivals "
    "claims/test_several_sessions test_odd_events",
    "study": "study/test_odd_designs study/test_ordinary study/test_comparisons "
    "study/test_blocks "
    f"{STUDY} {CONTRASTS} study/test_bars",
    "study.bars": "study/test_bars",
    "study.bar_rules": "study/test_bars",
    "study.block_files": "study/test_blocks study/test_event_study_blocks",
    "study.blocks": "study/test_odd_designs study/test_blocks "
    "study/test_event_study_blocks",
    "study.comparisons": "study/test_odd_designs study/test_ordinary "
    "study/test_comparisons",
    "study.cross_section": "study/test_odd_designs study/test_comparisons",
    "study.measured": f"study/test_odd_designs {STUDY} study/test_bars",
    "study.ordinary": "study/test_ordinary test_scan",
    "study.paths": "test_odd_runs run/test_steps",
    "study.placebo": f"study/test_odd_designs {STUDY} "
    f"{CONTRASTS} significance/test_several_sessions",
    "study.streamed": "study/test_event_study_blocks",
    "models": f"published/test_models_by_hand models/test_models {STUDY} "
    "published/test_r",
    "models.garch": "published/test_garch models/test_models",
    "fills": f"{FILLS} test_plain_account",
    "fills.alone": "test_trades_alone test_sweep",
    "fills.plan": FILLS,
    "fills.account": FILLS,
    "significance": f"{MEANS} significance/test_ranks "
    "significance/test_signs significance/test_designs published/test_by_hand "
    "significance/test_several_sessions significance/test_against_loops "
    f"{STUDY}",
    "significance.block_bootstrap": "significance/test_resampling",
    "significance.calendar_time": "significance/test_resampling",
    "significance.clustering": f"{CLUSTERED} significance/test_resampling",
    "significance.correlation": "significance/test_mean_correlation "
    f"{MEANS} significance/test_several_sessions",
    "significance.contrast": f"{CONTRASTS} {STUDY}",
    "significance.contrast_search": "study/test_odd_designs "
    "significance/test_contrast_search",
    "significance.ranks": "significance/test_ranks significance/test_designs "
    "study/test_blocks",
    "significance.portfolios": f"{CONTRASTS} {STUDY}",
    "significance.family": f"{STUDY} published/test_r intraday/test_time_of_day",
    "significance.joint": f"{MEANS} {STUDY} published/test_oracles",
    "significance.max_sar": f"{STUDY} published/test_r",
    "significance.multiplicity": "significance/test_multiplicity",
    "significance.placebo": f"study/test_odd_designs {STUDY} "
    f"{CONTRASTS} significance/test_volume",
    "significance.reference": f"{MEANS} {STUDY} published/test_oracles",
    "significance.shared_errors": f"significance/test_designs {CLUSTERED}",
    "significance.sign_flip": f"{CLUSTERED} significance/test_resampling",
    "significance.trial": f"{MEANS} {CLUSTERED} significance/test_designs "
    f"significance/test_several_sessions {STUDY}",
    "significance.volatility": "study/test_odd_designs significance/test_volume",
    "significance.volume": "study/test_odd_designs significance/test_volume",
}
"""Test files that judge a module, or the modules of a folder; the quickest first."""
