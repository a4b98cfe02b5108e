"""What people look at: map layers, legends, reports and exports."""
