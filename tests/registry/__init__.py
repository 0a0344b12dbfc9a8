"""Tests of the registry: workbook in, workbook out, and what is stored."""
