"""The registry as a workbook: who is in the park and who answers for whom, in and out."""
